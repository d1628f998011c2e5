// A provider's owner: looks at the account that answers for its jobs, stakes more, and sees what it may take on now.
import { generatePrivateKey } from "viem/accounts";
import { connect, network } from "./network.ts";

const provider = connect(network.accounts.buyer.privateKey); // any funded account can become a provider
const operator = connect(generatePrivateKey()).account.address; // the key that a node would hold
await provider.stake({ amount: 25_000_000n });
await provider.setOperator({ operator, validUntil: Math.floor(Date.now() / 1_000) + 90 * 86_400 });
await provider.updateProvider({ provider: provider.account.address, uri: "https://provider.example/card" });
const { stake, exposure, capacity } = await provider.getAccount();
console.log({ stake, exposure, capacity });
const { withdrawableAt } = await provider.requestUnstake({ amount: 25_000_000n });
console.log(`The stake may be withdrawn from ${new Date(withdrawableAt * 1_000).toISOString()} on`);
