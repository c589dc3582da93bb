"""Statistics of a period: response and resolution times, targets met, satisfaction."""
