// A buyer: asks who sells, takes the cheapest offer, reads the story. Run `npm start` first.
import { completionText } from "@touchstone/sdk";
import { connect, network } from "./network.ts";

const buyer = connect(network.accounts.buyer.privateKey);
const { providers } = await buyer.discoverProviders();
const [model] = providers.flatMap(({ card }) => card.touchstone.models);
const requests = ["Tell a story about a brave fox and a lost key"];
const { spec } = await buyer.prepareJob({ model: model.id, requests, price: 0n });
const { offers } = await buyer.requestQuotes({ urls: providers.map(({ endpoint }) => endpoint), spec, requests });
const { job } = await buyer.postAcceptedJob({ quote: offers[0].quote });
await buyer.waitForJob({ job, until: "submitted" });
const { items } = await buyer.fetchResults({ job });
console.log(completionText(items[0].output));
