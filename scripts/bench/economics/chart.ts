/** One line of a chart. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}

export interface Chart {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
  /** Draws a line at zero. */
  readonly hasZero?: boolean;
}

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [720, 400, 70, 20, 40, 90];
/** Told apart by the colour-blind (Okabe and Ito). */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];
/** About so many marks an axis. */
const TICKS = 6;

/** Draws a line chart as SVG text. */
export function lineChart({ title, x, y, series, hasZero }: Chart): string {
  const points = series.flatMap((line) => line.points);
  const [xs, ys] = [points.map(([at]) => at), points.map(([, value]) => value)];
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [low, high] = [Math.min(...ys, ...(hasZero ? [0] : [])), Math.max(...ys, ...(hasZero ? [0] : []))];
  const atX = (value: number) => LEFT + ((value - left) / (right - left)) * (WIDTH - LEFT - RIGHT);
  const atY = (value: number) => HEIGHT - BOTTOM - ((value - low) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  const lines = series.map(({ points: line }, index) => {
    const path = line.map(([at, value]) => `${fixed(atX(at))},${fixed(atY(value))}`).join(" ");
    return `<polyline fill="none" stroke="${COLOURS[index]}" stroke-width="2" points="${path}"/>`;
  });
  const rule = (value: number, colour: string) => {
    const height = fixed(atY(value));
    return `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${height}" y2="${height}" stroke="${colour}"/>`;
  };
  const ticks = [
    ...marks(left, right).map((value) => text(atX(value), HEIGHT - BOTTOM + 18, label(value), "middle")),
    ...marks(low, high).flatMap((value) => [text(LEFT - 8, atY(value) + 4, label(value), "end"), rule(value, "#ddd")]),
  ];
  const zero = hasZero ? [rule(0, "#000")] : [];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(LEFT, 22, title, "start", 15),
    ...ticks,
    ...zero,
    ...lines,
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - BOTTOM + 38, x, "middle"),
    `<text transform="translate(16 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">${escaped(y)}</text>`,
    ...legend(series),
    "</svg>",
    "",
  ].join("\n");
}

/** Round numbers between two. */
function marks(low: number, high: number): number[] {
  const power = 10 ** Math.floor(Math.log10((high - low) / TICKS));
  const step = power * ([1, 2, 5].find((factor) => (high - low) / (power * factor) <= TICKS) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

function legend(series: readonly Series[]): string[] {
  const width = (WIDTH - LEFT - RIGHT) / series.length;
  return series.flatMap(({ name }, index) => {
    const at = LEFT + index * width;
    return [
      `<rect x="${fixed(at)}" y="${HEIGHT - 26}" width="14" height="4" fill="${COLOURS[index]}"/>`,
      text(at + 20, HEIGHT - 20, name, "start"),
    ];
  });
}

function text(x: number, y: number, content: string, anchor: string, size = 12): string {
  return `<text x="${fixed(x)}" y="${fixed(y)}" text-anchor="${anchor}" font-size="${size}">${escaped(content)}</text>`;
}

const fixed = (value: number) => value.toFixed(1);
const label = (value: number) => String(Number(value.toPrecision(3)));
const escaped = (content: string) => content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
