import { useState } from "react";
import type { Hex } from "viem";
import { Failed, Loading } from "../../components/states.tsx";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import { useToken } from "../../hooks/use-token.ts";
import { useWallet } from "../../hooks/use-wallet.ts";
import { ForecastForm } from "./forecast-form.tsx";
import { useParameters } from "./use-console.ts";
import { useCompetition, useDemand, useOfferedModels } from "./use-forecast.ts";

/** What a provider may earn, from what this market's buyers paid lately. Needs no wallet. */
export function ForecastCard() {
  const [model, setModel] = useState<Hex>();
  const { address } = useWallet();
  const token = useToken();
  const parameters = useParameters();
  const demand = useDemand(model);
  const models = useOfferedModels();
  const { isRead, sellers, price, speed } = useCompetition(model);
  const error = parameters.error ?? demand.error;
  const isReady = token !== undefined && parameters.data !== undefined && demand.data !== undefined && isRead;
  return (
    <Card>
      <CardHeader
        title="What might you earn?"
        description="A forecast from what buyers of this market paid lately. It promises nothing."
      />
      {error !== null && !isReady ? (
        <Failed
          what="The market's figures"
          error={error}
          retry={() => Promise.all([parameters.refetch(), demand.refetch()])}
        />
      ) : isReady ? (
        <ForecastForm
          token={token}
          parameters={parameters.data}
          demand={demand.data.demand}
          hold={demand.data.hold}
          competitors={[...sellers].filter((seller) => seller !== address).length}
          marketPrice={price}
          marketSpeed={speed}
          models={models}
          model={model}
          onModel={setModel}
        />
      ) : (
        <Loading rows={4} label="The market's figures: reading" />
      )}
    </Card>
  );
}
