"""Working time: weeks with their exceptions, public holidays, and the tables that clocks count with."""
