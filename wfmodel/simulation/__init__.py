"""From a scenario and a workforce to a ledger."""
