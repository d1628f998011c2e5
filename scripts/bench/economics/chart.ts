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
const TICKS = 5;

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
  const steps = Array.from({ length: TICKS + 1 }, (_, index) => index / TICKS);
  const ticks = steps.flatMap((step) => {
    const [ofX, ofY] = [left + step * (right - left), low + step * (high - low)];
    return [
      text(atX(ofX), HEIGHT - BOTTOM + 18, label(ofX), "middle"),
      text(LEFT - 8, atY(ofY) + 4, label(ofY), "end"),
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${fixed(atY(ofY))}" y2="${fixed(atY(ofY))}" stroke="#ddd"/>`,
    ];
  });
  const zero = hasZero
    ? [`<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${fixed(atY(0))}" y2="${fixed(atY(0))}" stroke="#000"/>`]
    : [];
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
