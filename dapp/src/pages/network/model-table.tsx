import { Amount } from "../../components/amount.tsx";
import { Hash } from "../../components/hash.tsx";
import { Empty, QueryView } from "../../components/states.tsx";
import { Badge } from "../../components/ui/badge.tsx";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import { Table, TableHead, Td, Tr } from "../../components/ui/table.tsx";
import { useModelName } from "../../hooks/use-model-name.ts";
import { useModels } from "../../hooks/use-statistics.ts";
import { formatCount } from "../../lib/format.ts";

const COLUMNS = ["Model", "Jobs", "Volume", "Audited", "Seats", "Id"];

/** Models that are bought or judged. */
export function ModelTable() {
  const models = useModels();
  const modelName = useModelName();
  return (
    <Card>
      <CardHeader
        title="Models"
        description="A verified model has a panel of validators: each job on it may be audited, picked at random."
      />
      <QueryView query={models} what="The models">
        {(found) =>
          found.length === 0 ? (
            <Empty title="No model was bought yet">The first job makes it show here.</Empty>
          ) : (
            <Table label="Models">
              <TableHead names={COLUMNS} />
              <tbody>
                {found.map(({ id, verified, seats, jobs, volume }) => (
                  <Tr key={id}>
                    <Td>{modelName(id)}</Td>
                    <Td>{formatCount(jobs)}</Td>
                    <Td>
                      <Amount value={volume} digits={2} />
                    </Td>
                    <Td>
                      <Badge tone={verified ? "good" : "neutral"}>{verified ? "Verified" : "Not yet"}</Badge>
                    </Td>
                    <Td>{formatCount(seats)}</Td>
                    <Td>
                      <Hash value={id} name="model id" />
                    </Td>
                  </Tr>
                ))}
              </tbody>
            </Table>
          )
        }
      </QueryView>
    </Card>
  );
}
