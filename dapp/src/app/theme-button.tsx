import { Moon, Sun } from "lucide-react";
import { useState } from "react";
import { Button } from "../components/ui/button.tsx";
import { storage } from "../lib/storage.ts";

const KEY = "touchstone.theme";

/** Light or dark; until it is chosen, as the system has it. */
export function ThemeButton() {
  const [isDark, setDark] = useState(() => document.documentElement.classList.contains("dark"));
  const change = () => {
    document.documentElement.classList.toggle("dark", !isDark);
    storage.setItem(KEY, isDark ? "light" : "dark");
    setDark(!isDark);
  };
  const Icon = isDark ? Sun : Moon;
  return (
    <Button variant="ghost" size="icon" onClick={change} aria-label={isDark ? "Use light colours" : "Use dark colours"}>
      <Icon aria-hidden />
    </Button>
  );
}
