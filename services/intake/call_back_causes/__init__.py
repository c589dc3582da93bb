"""Why dissatisfied customers were dissatisfied (P5.2): the list that a call-back chooses from."""
