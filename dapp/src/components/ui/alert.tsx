import { cva, type VariantProps } from "class-variance-authority";
import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "../../lib/cn.ts";

const look = cva("flex gap-3 rounded-lg border p-3 text-sm [&_svg]:mt-0.5 [&_svg]:size-4 [&_svg]:shrink-0", {
  variants: {
    tone: {
      info: "border-border bg-raised/60 [&_svg]:text-muted",
      warn: "border-warn/40 bg-warn/6 [&_svg]:text-warn",
      bad: "border-bad/40 bg-bad/6 [&_svg]:text-bad",
    },
  },
  defaultVariants: { tone: "info" },
});

const ICONS = { info: Info, warn: TriangleAlert, bad: CircleAlert } as const;

export interface AlertProps extends VariantProps<typeof look> {
  readonly title?: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly className?: string;
}

/** Words that matter now; what is wrong is read out at once. */
export function Alert({ tone, title, children, actions, className }: AlertProps) {
  const Icon = ICONS[tone ?? "info"];
  return (
    <div role={tone === "bad" ? "alert" : "status"} className={cn(look({ tone }), className)}>
      <Icon aria-hidden />
      <div className="grid min-w-0 flex-1 gap-1">
        {title !== undefined && <p className="font-medium">{title}</p>}
        {children !== undefined && <div className="break-words text-muted">{children}</div>}
        {actions !== undefined && <div className="mt-1 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}
