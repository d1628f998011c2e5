const WIDTH = 72;

/** Writes text as it comes, in lines that each end with what the call has cost until there. */
export interface CostColumn {
  /** @param cost Of the call so far, for people. */
  take(text: string, cost: string): void;
  /** Ends the last line. */
  end(cost: string): void;
}

/**
 * Wraps text between words. A word is held back until it is whole, so that what is written is never taken back.
 *
 * @param write Takes pieces of text as they become certain.
 */
export function costColumn(write: (text: string) => void): CostColumn {
  let column = 0;
  let word = "";
  const endLine = (cost: string) => {
    write(`${" ".repeat(WIDTH - column)}  ${cost}\n`);
    column = 0;
  };
  const endWord = (cost: string) => {
    if (column > 0 && column + 1 + word.length > WIDTH) {
      endLine(cost);
    }
    const gap = column > 0 && word !== "" ? " " : "";
    // Longer than a line: as it is, in lines of its own.
    for (let rest = gap + word; rest !== ""; rest = rest.slice(WIDTH)) {
      const part = rest.slice(0, WIDTH);
      if (column + part.length > WIDTH) {
        endLine(cost);
      }
      write(part);
      column += part.length;
    }
    word = "";
  };
  return {
    take(text, cost) {
      for (const character of text) {
        if (/\s/.test(character)) {
          endWord(cost);
        } else {
          word += character;
        }
        if (character === "\n" && column > 0) {
          endLine(cost);
        }
      }
    },
    end(cost) {
      endWord(cost);
      if (column > 0) {
        endLine(cost);
      }
    },
  };
}
