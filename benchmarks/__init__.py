"""How fast the suite is, measured beside what its users might pick instead."""
