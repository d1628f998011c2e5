// The back-end service of a contract: the contract asks for a story by an event, the service buys it and brings it back.
import { readFileSync } from "node:fs";
import { completionText } from "@touchstone/sdk";
import { parseEventLogs } from "viem";
import { connect, network } from "./network.ts";

const service = connect(network.accounts.buyer.privateKey);
const artifact = new URL("../artifacts/contracts/dev/StoryDesk.sol/StoryDesk.json", import.meta.url);
const { abi, bytecode } = JSON.parse(readFileSync(artifact, "utf8"));
const deployed = await service.deployContract({ abi, bytecode, args: [service.account.address] });
const { contractAddress: address } = await service.waitForTransactionReceipt({ hash: deployed });
if (!address) throw new Error("StoryDesk was not deployed.");

const asked = await service.writeContract({ address, abi, functionName: "ask", args: ["Tell a story about an owl"] });
const { logs } = await service.waitForTransactionReceipt({ hash: asked });
const [question] = parseEventLogs({ abi, logs }) as unknown as [{ args: { id: bigint; prompt: string } }];

const { providers } = await service.discoverProviders();
const [{ card, provider, endpoint }] = providers;
const requests = [question.args.prompt];
const [model] = card.touchstone.models;
const { job } = await service.postJob({ model: model.id, provider, price: 10_000n, requests, uri: endpoint });
await service.waitForJob({ job, until: "submitted" });
const [{ output, outputHash }] = (await service.fetchResults({ job })).items;
const story = completionText(output);
const args = [question.args.id, job, outputHash, story] as const;
const told = await service.writeContract({ address, abi, functionName: "tell", args });
await service.waitForTransactionReceipt({ hash: told });
console.log(`Question ${question.args.id} was answered by job ${job}: ${story}`);
