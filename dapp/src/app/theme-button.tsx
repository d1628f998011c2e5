import { Moon, Sun } from "lucide-react";
import { useState } from "react";
import { Button } from "../components/ui/button.tsx";

const KEY = "touchstone.theme";

/** Light or dark; until it is chosen, as the system has it. */
export function ThemeButton() {
  const [isDark, setDark] = useState(() => document.documentElement.classList.contains("dark"));
  const change = () => {
    document.documentElement.classList.toggle("dark", !isDark);
    try {
      localStorage.setItem(KEY, isDark ? "light" : "dark");
    } catch {
      // without storage the choice lasts as long as the page
    }
    setDark(!isDark);
  };
  const Icon = isDark ? Sun : Moon;
  return (
    <Button variant="ghost" size="icon" onClick={change} aria-label={isDark ? "Use light colours" : "Use dark colours"}>
      <Icon aria-hidden />
    </Button>
  );
}
