"""The rig's sink by a definition that writes records one by one."""
