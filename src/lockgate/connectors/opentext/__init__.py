"""OpenText Content Server with Extended ECM Business Workspaces."""
