// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LiveBond} from "../../../contracts/interfaces/IBonds.sol";
import {Case, CaseStatus, Verdict} from "../../../contracts/interfaces/ICaseNotices.sol";
import {CourtParameters} from "../../../contracts/interfaces/ICourtParameters.sol";
import {Frozen, JobSpec, JobStatus} from "../../../contracts/interfaces/IJobs.sol";
import {Account} from "../../../contracts/interfaces/ILedger.sol";
import {JobId} from "../../../contracts/types/JobId.sol";
import {CourtFixture} from "../solidity/CourtFixture.sol";
import {vm} from "../solidity/Vm.sol";

/// @notice A job that was submitted, or a receipt that was brought, as the campaign remembers it.
struct Matter {
    JobId id;
    JobSpec spec;
    Frozen frozen;
    /// When a receipt was issued.
    uint256 submittedAt;
    /// Its results did not come from the model.
    bool cheats;
}

/// @notice A case, open or closed.
struct Trial {
    bytes32 id;
    uint256 matter;
    uint256 key;
}

/// @notice What a seat committed to.
struct Secret {
    bytes32 word;
    bytes32 salt;
}

/// @title CourtGhost
/// @notice The campaign's own memory of court and market, and the booking of every call.
abstract contract CourtGhost is CourtFixture {
    uint256 internal constant CLIENTS = 3;
    uint256 internal constant PROVIDERS = 4;
    /// @dev The first of the providers never cheat, and answer every demand.
    uint256 internal constant HONEST_PROVIDERS = 2;
    uint256 internal constant SEATS = 26;
    /// @dev The first of the seats say the truth, in time.
    uint256 internal constant HONEST_SEATS = 15;
    uint256 internal constant FUNDS = 2_000 * uint256(ONE);
    address internal constant OPENER = address(0x09E4E4);

    Matter[] internal matters;
    Trial[] internal trials;
    mapping(bytes32 caseId => bool) internal isTried;
    mapping(bytes32 caseId => mapping(uint256 position => Secret)) internal secrets;
    mapping(uint256 seat => uint256) internal stakes;
    mapping(address account => uint256) internal credits;
    mapping(address provider => LiveBond) internal bonds;
    address[] internal people;

    /// @notice The first thing that was found broken.
    string public breach;
    mapping(string name => uint256) public reached;
    /// @notice How many actions there were.
    uint256 public steps;
    bytes32 private entropy;

    /// @dev Every action happens in a block of its own.
    modifier drawn(uint256 seed) {
        entropy = keccak256(abi.encode(entropy, seed));
        vm.roll(vm.getBlockNumber() + 1);
        steps += 1;
        _;
    }

    constructor() {
        deployCourt();
        fillPanel(SEATS);
        for (uint256 i = 1; i <= SEATS; ++i) {
            people.push(seatOwner(i));
            stakes[i] = courtParameters().seatStake;
            vm.prank(seatOwner(i));
            market.setOperator(seatKey(i), type(uint40).max);
        }
        for (uint256 i = 0; i < CLIENTS + PROVIDERS; ++i) {
            address who = i < CLIENTS ? clientAt(i) : providerAt(i - CLIENTS);
            people.push(who);
            fund(who, FUNDS);
            if (i < CLIENTS) continue;
            vm.prank(who);
            market.stake(FUNDS / 10);
            vm.prank(who);
            market.setOperator(vm.addr(signingKey(who)), type(uint40).max);
        }
        people.push(OPENER);
        people.push(STRANGER);
        people.push(address(tribunal));
        people.push(BURN_ACCOUNT);
    }

    /// @dev A panel that soon has too few seats, and pay that the pool and the bonds do not always reach for.
    function courtParameters() internal pure override returns (CourtParameters memory p) {
        p = super.courtParameters();
        (p.minPanel, p.seatFee, p.openReward) = (20, 1_300_001, 3_900_003);
    }

    function clientAt(uint256 i) internal pure returns (address) {
        return address(uint160(0xC11E4700 + i));
    }

    function providerAt(uint256 i) internal pure returns (address) {
        return address(uint160(0x9401DE400 + i));
    }

    /// @dev The operator key of a seat.
    function seatKey(uint256 seat) internal pure returns (address) {
        return address(uint160(0x4E7000000000 + seat));
    }

    /// @dev With what a provider signs its receipts.
    function signingKey(address provider) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode("key", provider)));
    }

    function _isHonest(uint256 seat) internal pure returns (bool) {
        return seat <= HONEST_SEATS;
    }

    function _isHonestProvider(address provider) internal pure returns (bool) {
        return uint160(provider) < uint160(0x9401DE400 + HONEST_PROVIDERS);
    }

    function _below(uint256 limit) internal returns (uint256) {
        entropy = keccak256(abi.encode(entropy));
        return uint256(entropy) % limit;
    }

    function _onceIn(uint256 times) internal returns (bool) {
        return _below(times) == 0;
    }

    function _now() internal view returns (uint256) {
        return vm.getBlockTimestamp();
    }

    function _holds(bool kept, string memory rule) internal {
        if (!kept && bytes(breach).length == 0) breach = rule;
    }

    function _reach(string memory name) internal {
        reached[name] += 1;
    }

    /// @dev Makes a call and holds it against what the campaign expects.
    function _perform(
        string memory name,
        address caller,
        address target,
        bytes memory data,
        bool allowed
    ) internal returns (bool done, bytes memory answer) {
        vm.prank(caller);
        (done, answer) = target.call(data);
        _reach(done ? name : string.concat(name, " refused"));
        _holds(done == allowed, done ? string.concat(name, " went through") : string.concat(name, " was refused"));
    }

    function _statusOf(uint256 matter) internal view returns (JobStatus) {
        JobId id = matters[matter].id;
        return _isReceipt(matters[matter]) ? tribunal.receiptJobOf(id).status : market.jobOf(id).status;
    }

    function _isReceipt(Matter storage m) internal view returns (bool) {
        return m.spec.flags == 2;
    }

    /// @dev Cases about receipts of a provider, and demands for what is behind them, are open on so many receipts.
    function _openReceipts(address provider) internal view returns (uint32 count) {
        for (uint256 i = 0; i < matters.length; ++i) {
            bool isOfProvider = _isReceipt(matters[i]) && matters[i].frozen.provider == provider;
            if (isOfProvider && _reasonsOf(i) > 0) ++count;
        }
    }

    function _reasonsOf(uint256 matter) internal view returns (uint256 count) {
        for (uint256 i = 0; i < trials.length; ++i) {
            if (trials[i].matter != matter) continue;
            if (_isOpen(tribunal.caseOf(trials[i].id).status)) ++count;
            if (_hasDemand(trials[i].id)) ++count;
        }
        if (_hasDemand(JobId.unwrap(matters[matter].id))) ++count;
    }

    function _isOpen(CaseStatus status) internal pure returns (bool) {
        return status != CaseStatus.None && status != CaseStatus.Closed;
    }

    function _hasDemand(bytes32 key) internal view returns (bool) {
        return tribunal.demandOf(key).demander != address(0);
    }

    /// @dev Stake that is or was asked back.
    function _atStake(address provider) internal view returns (uint256) {
        return uint256(accountOf(provider).stake) + market.unbondingOf(provider).amount;
    }

    /// @dev What a case in tier two adds to a provider's exposure.
    function _weight() internal pure returns (uint256) {
        return (uint256(parameters().minStake) * parameters().exposureShare) / 10_000;
    }

    /// @notice The state of a job, or of a receipt.
    function statusOf(uint256 i) external view returns (JobStatus) {
        return _statusOf(i);
    }

    /// @notice Whether all live bonds are as they should be.
    function bondsAreBooked() external view returns (bool) {
        for (uint256 i = 0; i < PROVIDERS; ++i) {
            LiveBond memory expected = bonds[providerAt(i)];
            expected.openCases = _openReceipts(providerAt(i));
            LiveBond memory actual = tribunal.bondOf(providerAt(i));
            if (keccak256(abi.encode(actual)) != keccak256(abi.encode(expected))) return false;
        }
        return true;
    }

    /// @notice How many jobs there were, and how many cases.
    function counts() external view returns (uint256, uint256) {
        return (matters.length, trials.length);
    }

    /// @notice A job.
    function matterAt(uint256 i) external view returns (Matter memory) {
        return matters[i];
    }

    /// @notice A case.
    function trialAt(uint256 i) external view returns (Trial memory) {
        return trials[i];
    }

    /// @notice A provider.
    function providerOf(uint256 i) external pure returns (address) {
        return providerAt(i);
    }

    /// @notice Stakes and credits of all seats as they should be and as they are.
    function seatsAreBooked() external view returns (bool) {
        for (uint256 i = 1; i <= SEATS; ++i) {
            if (tribunal.seatAt(uint32(i)).stake != stakes[i]) return false;
            if (tribunal.creditOf(seatOwner(i)) != credits[seatOwner(i)]) return false;
        }
        return tribunal.creditOf(OPENER) == credits[OPENER];
    }

    /// @notice What the court must have in its account.
    function courtHolds() external view returns (uint256 sum) {
        for (uint256 i = 1; i <= SEATS; ++i) sum += stakes[i];
        for (uint256 i = 0; i < PROVIDERS; ++i) sum += bonds[providerAt(i)].amount;
        for (uint256 i = 0; i < trials.length; ++i) {
            Case memory c = tribunal.caseOf(trials[i].id);
            if (_isOpen(c.status)) sum += c.bond;
            if (_hasDemand(trials[i].id)) sum += courtParameters().demandDeposit;
        }
        for (uint256 i = 0; i < matters.length; ++i) {
            if (_hasDemand(JobId.unwrap(matters[i].id))) sum += courtParameters().demandDeposit;
        }
    }

    /// @notice All that anyone may claim from the market.
    function claims() external view returns (uint256 sum) {
        for (uint256 i = 0; i < people.length; ++i) {
            Account memory a = accountOf(people[i]);
            sum += uint256(a.balance) + a.stake + a.fees + market.unbondingOf(people[i]).amount;
        }
        for (uint256 i = 0; i < matters.length; ++i) {
            JobStatus status = _statusOf(i);
            bool isOpen = status == JobStatus.Submitted || status == JobStatus.InCase;
            if (isOpen && !_isReceipt(matters[i])) sum += matters[i].spec.price;
        }
        sum += market.pool();
    }

    /// @notice How many cases and demands of a job are open.
    function holdsOf(uint256 matter) external view returns (uint256) {
        return _reasonsOf(matter);
    }

    /// @notice Exposure of a provider as it should be: open prices, and a weight for each case in tier two.
    function exposureOf(uint256 provider) external view returns (uint256 sum) {
        for (uint256 i = 0; i < matters.length; ++i) {
            JobStatus status = _statusOf(i);
            bool isOpen = status == JobStatus.Submitted || status == JobStatus.InCase;
            if (_isReceipt(matters[i])) continue;
            if (isOpen && matters[i].frozen.provider == providerAt(provider)) sum += matters[i].spec.price;
        }
        for (uint256 i = 0; i < trials.length; ++i) {
            Case memory c = tribunal.caseOf(trials[i].id);
            bool isHeavy = _isOpen(c.status) && c.tier == 2;
            if (isHeavy && matters[trials[i].matter].frozen.provider == providerAt(provider)) sum += _weight();
        }
    }
}
