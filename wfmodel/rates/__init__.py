"""What history says: rates from counts, and counts from rates."""
