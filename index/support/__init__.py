"""Whether the words quoted carry a claim. Pure, by rule, and fails closed; calls no model."""
