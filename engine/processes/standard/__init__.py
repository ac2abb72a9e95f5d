"""The constraints of BPMN 2.0.2 that no schema knows, one function each, by chapter."""
