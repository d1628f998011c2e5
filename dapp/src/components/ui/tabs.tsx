import { Tabs as Primitive } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "../../lib/cn.ts";

export const Tabs = Primitive.Root;
export const TabsContent = Primitive.Content;

export function TabsList({ className, ...rest }: ComponentProps<typeof Primitive.List>) {
  return <Primitive.List className={cn("flex gap-1 overflow-x-auto border-b", className)} {...rest} />;
}

export function TabsTrigger({ className, ...rest }: ComponentProps<typeof Primitive.Trigger>) {
  return (
    <Primitive.Trigger
      className={cn(
        "-mb-px focus-visible:-outline-offset-2 shrink-0 border-transparent border-b-2 px-3 py-2 font-medium text-muted text-sm hover:text-foreground data-[state=active]:border-streak data-[state=active]:text-foreground",
        className,
      )}
      {...rest}
    />
  );
}
