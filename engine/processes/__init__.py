"""BPMN in, Step out; stores nothing; the only home of SpiffWorkflow."""
