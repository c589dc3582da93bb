"""The customer's word on a solution: by themselves or on the telephone."""
