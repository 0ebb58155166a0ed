"""How people move: one rule-book a file, scalar rules that every simulation calls. They never
import each other."""
