// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {BlocklistToken} from "../../../contracts/dev/BlocklistToken.sol";
import {Case, CaseStatus} from "../../../contracts/interfaces/ICaseNotices.sol";
import {ICourt} from "../../../contracts/interfaces/ICourt.sol";
import {Frozen, IJobs, JobSpec, JobStatus} from "../../../contracts/interfaces/IJobs.sol";
import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {IMarket} from "../../../contracts/interfaces/IMarket.sol";
import {CaseLib} from "../../../contracts/libraries/CaseLib.sol";
import {Trees} from "../solidity/Trees.sol";
import {vm} from "../solidity/Vm.sol";
import {Matter, Trial} from "./CourtGhost.sol";
import {ReceiptActions} from "./ReceiptActions.sol";

/// @title CourtHandler
/// @notice All that anyone can do to a court, as actions for a fuzzer; here the jobs it judges, and time.
contract CourtHandler is ReceiptActions {
    uint256 private constant MOST_JOBS = 6;
    uint256 private salts;

    /// @notice A client posts a job; a provider takes it on and submits.
    function order(uint256 seed) external drawn(seed) {
        uint256 open = 0;
        for (uint256 i = 0; i < matters.length; ++i) if (_isLive(i) && !_isReceipt(matters[i])) ++open;
        JobSpec memory spec = _jobSpec();
        address provider = spec.provider;
        bool isAfforded = accountOf(spec.client).balance >= spec.price && market.capacityOf(provider) >= spec.price;
        if (open >= MOST_JOBS || !isAfforded) return;
        Matter storage m = matters.push();
        m.id = idOf(spec);
        m.spec = spec;
        m.cheats = !_isHonestProvider(provider) && !_onceIn(4);
        Frozen memory frozen = freeze(spec, provider);
        does(spec.client, abi.encodeCall(IJobs.post, (spec, "")));
        does(provider, abi.encodeCall(IJobs.accept, (spec, provider)));
        bytes32 root = Trees.root(_results(m.id, provider, spec.items));
        does(provider, abi.encodeCall(IJobs.submit, (m.id, frozen, root)));
        (frozen.resultRoot, frozen.submitBlock) = (root, uint64(vm.getBlockNumber()));
        m.frozen = frozen;
        m.submittedAt = _now();
        _reach(
            frozen.verified
                ? "order"
                : spec.flags == 1
                    ? "sealed order"
                    : "unverified order"
        );
    }

    function settle(uint256 seed) external drawn(seed) {
        (bool found, uint256 i) = _matter(JobStatus.Submitted);
        if (!found) return;
        Matter storage m = matters[i];
        uint256 anchor = m.frozen.submitBlock + uint256(courtParameters().drawDelay);
        bool allowed = _statusOf(i) == JobStatus.Submitted && _now() >= m.submittedAt + m.spec.challengeWindow;
        bool isJudged = tribunal.caseOf(CaseLib.caseId(m.id, CaseLib.DRAW_KEY)).status == CaseStatus.Closed;
        if (m.frozen.verified) allowed = allowed && vm.getBlockNumber() > anchor && (isJudged || !_isDrawn(m));
        _perform("settle", STRANGER, address(market), abi.encodeCall(IJobs.settle, (m.id, m.frozen)), allowed);
        if (_statusOf(i) != JobStatus.Settled) return;
        address[] memory providers = new address[](1);
        providers[0] = m.frozen.provider;
        does(STRANGER, abi.encodeCall(ILedger.collectFees, (providers)));
    }

    /// @notice Time passes, a little or to a second around some deadline. Whoever is honest does its duty meanwhile.
    function pass(uint256 seed) external drawn(seed) {
        uint256 kind = _below(16);
        if (kind == 0) vm.roll(vm.getBlockNumber() + 300);
        if (kind == 1) _advance(_now() + _below(80 hours));
        else if (kind < 6) _advance(_now() + _below(10 minutes));
        else if (kind < 12) _approach(_deadlineOfTrial());
        else if (kind < 14) _approach(_deadlineOfMatter());
        else _approach(_deadlineOfDemand());
        _reach("pass");
    }

    /// @notice A case takes its next step, whatever that is.
    function proceed(uint256 seed) external drawn(seed) {
        for (uint256 i = 0; i < 3; ++i) {
            (bool found, Trial memory trial) = _openTrial();
            if (!found) return;
            Case memory c = tribunal.caseOf(trial.id);
            if (c.status == CaseStatus.Pinned) _seatsPanel(trial);
            if (c.status == CaseStatus.Commit && _onceIn(6)) _demands(trial);
            else if (c.status == CaseStatus.Commit) _saysWords(trial);
            if (c.status == CaseStatus.Reveal) _showsWords(trial);
            if (c.status == CaseStatus.Revealed && _onceIn(4)) _appeals(trial);
            else if (c.status == CaseStatus.Revealed && c.tier == 1)
                _approach(c.since + courtParameters().appealWindow + 1);
            if (c.status >= CaseStatus.Reveal && !_onceIn(3)) _closes(trial);
        }
    }

    /// @notice Nearly all seats leave the panel, and time goes by; or those that left come back.
    function migrate(uint256 seed) external drawn(seed) {
        uint256 away = 0;
        for (uint256 i = 1; i <= SEATS; ++i) if (isAway[i]) ++away;
        if (!_onceIn(away > SEATS / 2 ? 2 : 24)) return;
        if (away > SEATS / 2) {
            _advance(_now() + courtParameters().seatUnbonding);
            _return();
            _advance(_now() + courtParameters().seatMinAge);
            _refreshPanel();
        } else {
            _desert(_below(7));
            _advance(_now() + (_onceIn(2) ? 17 hours : 73 hours));
        }
    }

    /// @notice The honest do their duty at once.
    function serve(uint256 seed) external drawn(seed) {
        _serve();
    }

    /// @notice The parts that the invariants look at.
    function parts() external view returns (IMarket, ICourt, BlocklistToken) {
        return (market, tribunal, token);
    }

    /// @notice Every action.
    function actions() external pure returns (bytes4[] memory list) {
        bytes4[22] memory all = [
            this.pass.selector,
            this.proceed.selector,
            this.serve.selector,
            this.order.selector,
            this.settle.selector,
            this.openDrawn.selector,
            this.challenge.selector,
            this.seatPanel.selector,
            this.commit.selector,
            this.reveal.selector,
            this.denounce.selector,
            this.appeal.selector,
            this.close.selector,
            this.demand.selector,
            this.demandForCase.selector,
            this.answer.selector,
            this.defaultDemand.selector,
            this.leavePanel.selector,
            this.bringReceipt.selector,
            this.proveDouble.selector,
            this.manageBond.selector,
            this.manage.selector
        ];
        list = new bytes4[](all.length + 1);
        for (uint256 i = 0; i < all.length; ++i) list[i] = all[i];
        list[all.length] = this.migrate.selector;
    }

    function _openTrial() private returns (bool, Trial memory trial) {
        uint256 start = _below(trials.length + 1);
        for (uint256 i = 0; i < trials.length; ++i) {
            trial = trials[(start + i) % trials.length];
            if (_isOpen(tribunal.caseOf(trial.id).status)) return (true, trial);
        }
        return (false, trial);
    }

    function _saysWords(Trial memory trial) private {
        for (uint256 i = 0; i < 12; ++i) _commits(trial, i, false);
        Case memory c = tribunal.caseOf(trial.id);
        if (c.status == CaseStatus.Commit) _advance(c.since + uint256(courtParameters().commitWindow));
        if (_onceIn(2)) _showsWords(trial);
    }

    function _showsWords(Trial memory trial) private {
        for (uint256 i = 0; i < 12; ++i) _reveals(trial, i, false);
        Case memory c = tribunal.caseOf(trial.id);
        uint256 opening = c.status == CaseStatus.Commit ? courtParameters().commitWindow : 0;
        if (c.status == CaseStatus.Revealed || _onceIn(4)) return;
        _advance(c.since + opening + courtParameters().revealWindow);
        _closes(trial);
    }

    function _jobSpec() private returns (JobSpec memory spec) {
        spec.client = clientAt(_below(CLIENTS));
        spec.provider = providerAt(_below(PROVIDERS));
        spec.model = model;
        spec.items = uint32(_onceIn(2) ? 1 + _below(3) : 1 + _below(16));
        spec.input = Trees.root(_requests(spec.items));
        spec.price = uint64(_onceIn(4) ? 1 + _below(1_000) : ONE + _below(_onceIn(4) ? 14 * ONE : 5 * ONE));
        spec.acceptBy = uint40(_now() + 1 hours);
        spec.submitWithin = 1 hours;
        spec.challengeWindow = uint32(15 minutes + _below(3 hours));
        spec.flags = uint8(_onceIn(6) ? 1 : 0);
        spec.salt = bytes32(++salts);
    }

    function _approach(uint256 deadline) private {
        uint256 moment = deadline + _below(3);
        if (moment > 1) _advance(moment - 1);
    }

    /// @dev No honest seat or provider lets a deadline pass.
    function _advance(uint256 moment) internal override {
        while (_now() < moment) {
            _serve();
            // the last commitment opens the reveals
            _serve();
            uint256 next = moment;
            for (uint256 i = 0; i < trials.length; ++i) {
                Case memory c = tribunal.caseOf(trials[i].id);
                if (c.status != CaseStatus.Commit) continue;
                uint256 opening = uint256(c.since) + courtParameters().commitWindow;
                if (opening > _now() && opening < next) next = opening;
            }
            vm.warp(next);
        }
    }

    function _serve() private {
        for (uint256 i = 0; i < matters.length + trials.length; ++i) {
            Open memory open = _demandAt(i);
            bool isHonest = _isHonestProvider(matters[open.matter].frozen.provider);
            if (isHonest && _hasDemand(open.key)) _answers(open, open.matter, false);
        }
        for (uint256 i = 0; i < trials.length; ++i) {
            Case memory c = tribunal.caseOf(trials[i].id);
            if (c.status != CaseStatus.Commit && c.status != CaseStatus.Reveal) continue;
            uint32[12] memory seats = tribunal.seatsOf(trials[i].id);
            bool mayCommit = c.status == CaseStatus.Commit && _now() < c.since + courtParameters().commitWindow;
            for (uint256 j = 0; j < 12; ++j) {
                if (!_isHonest(seats[j]) || seats[j] == 0) continue;
                if (mayCommit) _commits(trials[i], j, false);
                else if (_mayReveal(c)) _reveals(trials[i], j, false);
            }
        }
    }

    function _deadlineOfTrial() private returns (uint256) {
        if (trials.length == 0) return 0;
        uint256 start = _below(trials.length);
        for (uint256 i = 0; i < trials.length; ++i) {
            Trial memory trial = trials[(start + i) % trials.length];
            Case memory c = tribunal.caseOf(trial.id);
            if (c.status == CaseStatus.Waiting) return tribunal.demandOf(trial.id).answerBy;
            if (c.status == CaseStatus.Reveal) return c.since + uint256(courtParameters().revealWindow);
            if (c.status == CaseStatus.Revealed) return c.since + uint256(courtParameters().appealWindow);
            if (c.status != CaseStatus.Commit) continue;
            uint256 opening = c.since + uint256(courtParameters().commitWindow);
            return _onceIn(3) ? opening : opening + courtParameters().revealWindow;
        }
        return 0;
    }

    function _deadlineOfMatter() private returns (uint256) {
        (bool found, uint256 i) = _matter(JobStatus.Submitted);
        return found ? matters[i].submittedAt + matters[i].spec.challengeWindow : 0;
    }

    function _deadlineOfDemand() private returns (uint256) {
        (bool found, Open memory open) = _openDemand();
        return found ? tribunal.demandOf(open.key).answerBy : 0;
    }
}
