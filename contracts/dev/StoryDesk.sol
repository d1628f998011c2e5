// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title StoryDesk
/// @notice An example of a contract that wants inference: it asks by an event, and its back-end service buys the answer
/// on Touchstone and brings it back with the hash that the provider answers for.
contract StoryDesk {
    address public immutable SERVICE;
    uint256 public asked;
    mapping(uint256 id => bytes32) public outputHashOf;

    event StoryAsked(uint256 indexed id, string prompt);
    event StoryTold(uint256 indexed id, bytes32 job, bytes32 outputHash, string story);

    error StoryNotService(address caller);
    error StoryNotOpen(uint256 id);

    constructor(address service) {
        SERVICE = service;
    }

    /// @notice Asks for a story.
    function ask(string calldata prompt) external returns (uint256 id) {
        id = asked++;

        emit StoryAsked(id, prompt);
    }

    /// @notice Brings a story. Only the service, once for each question.
    function tell(uint256 id, bytes32 job, bytes32 outputHash, string calldata story) external {
        require(msg.sender == SERVICE, StoryNotService(msg.sender));
        require(id < asked && outputHashOf[id] == 0, StoryNotOpen(id));

        outputHashOf[id] = outputHash;

        emit StoryTold(id, job, outputHash, story);
    }
}
