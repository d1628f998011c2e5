import type { IndexedPanelSeat } from "@touchstone/sdk";
import { type FormEvent, useState } from "react";
import type { Hex } from "viem";
import { Amount } from "../../components/amount.tsx";
import { Hash } from "../../components/hash.tsx";
import { QueryView } from "../../components/states.tsx";
import { Time } from "../../components/time.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Field } from "../../components/ui/field.tsx";
import { Select } from "../../components/ui/input.tsx";
import { Table, Td, Th, Tr } from "../../components/ui/table.tsx";
import { useAct } from "../../hooks/use-act.ts";
import { useModelName } from "../../hooks/use-model-name.ts";
import type { MarketWallet } from "../../hooks/use-wallet.ts";
import { formatCount } from "../../lib/format.ts";
import { useOpenPanels } from "./use-console.ts";

export interface SeatPanelsProps {
  readonly wallet: MarketWallet;
  /** Those that the seat ever joined. */
  readonly panels: readonly IndexedPanelSeat[];
  /** What a seat pays that is drawn and says nothing. Token units. */
  readonly absentPenalty: bigint;
}

/** For which models the seat judges: those that it serves, one more, one less. */
export function SeatPanels(props: SeatPanelsProps) {
  const { wallet, panels } = props;
  return (
    <>
      {panels.length > 0 && <PanelTable wallet={wallet} panels={panels} />}
      <JoinForm {...props} />
    </>
  );
}

function JoinForm({ wallet, panels, absentPenalty }: SeatPanelsProps) {
  const [chosen, setChosen] = useState<Hex>();
  const open = useOpenPanels();
  const nameOf = useModelName();
  const join = useAct({
    name: "Join panel",
    run: (model: Hex) => wallet.joinPanel({ model }),
    done: "The seat is on the panel.",
  });
  const served = panels.filter(({ leftAt }) => leftAt === undefined).map(({ model }) => model);
  return (
    <QueryView query={open} what="The panels" rows={1}>
      {(all) => {
        const free = all.filter(({ id }) => !served.includes(id));
        const model = free.find(({ id }) => id === chosen)?.id ?? free[0]?.id;
        const submit = (event: FormEvent) => {
          event.preventDefault();
          if (model !== undefined) {
            join.mutate(model);
          }
        };
        return model === undefined ? (
          <p className="text-muted text-sm">
            {all.length === 0 ? "No model has a panel yet." : "The seat is on every panel there is."}
          </p>
        ) : (
          <form onSubmit={submit} className="max-w-md">
            <Field
              label="Join the panel of"
              hint={
                <>
                  Have your node run this model first: a seat that is drawn and says nothing pays{" "}
                  <Amount value={absentPenalty} />.
                </>
              }
            >
              {(control) => (
                <div className="flex gap-2">
                  <Select {...control} value={model} onChange={({ target }) => setChosen(target.value as Hex)}>
                    {free.map(({ id, seats }) => (
                      <option key={id} value={id}>
                        {nameOf(id)}, {formatCount(seats)} {seats === 1 ? "seat" : "seats"}
                      </option>
                    ))}
                  </Select>
                  <Button type="submit" isBusy={join.isPending}>
                    Join
                  </Button>
                </div>
              )}
            </Field>
          </form>
        );
      }}
    </QueryView>
  );
}

function PanelTable({ wallet, panels }: Pick<SeatPanelsProps, "wallet" | "panels">) {
  return (
    <Table label="Panels of the seat">
      <thead>
        <tr>
          <Th>Model</Th>
          <Th>Joined</Th>
          <Th>Left</Th>
          <Th className="relative">
            <span className="sr-only">Leave it</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {panels.map((panel) => (
          <PanelRow key={panel.model} wallet={wallet} panel={panel} />
        ))}
      </tbody>
    </Table>
  );
}

function PanelRow({ wallet, panel }: { readonly wallet: MarketWallet; readonly panel: IndexedPanelSeat }) {
  const { model, joinedAt, leftAt } = panel;
  const nameOf = useModelName();
  const leave = useAct({
    name: "Leave panel",
    run: () => wallet.leavePanel({ model }),
    done: "The seat left the panel. It still judges what was submitted before.",
  });
  return (
    <Tr>
      <Td>
        <Hash value={model} name="model id" label={nameOf(model)} />
      </Td>
      <Td>
        <Time at={joinedAt} />
      </Td>
      <Td>
        <Time at={leftAt} />
      </Td>
      <Td className="text-right">
        {leftAt === undefined && (
          <Button size="sm" isBusy={leave.isPending} onClick={() => leave.mutate()}>
            Leave
          </Button>
        )}
      </Td>
    </Tr>
  );
}
