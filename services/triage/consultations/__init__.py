"""Expert consultations: a lead takes a ticket that is stuck to the experts, and writes down what they conclude."""
