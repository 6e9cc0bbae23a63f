"""How desk and hub stand, in plain words, and the decisions that only the judge can make."""
