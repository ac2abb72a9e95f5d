"""The pages of policy staff: rules, and what they would have done."""
