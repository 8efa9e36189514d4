"""Any system by one YAML definition: read, checked, made into a connector of its own."""
