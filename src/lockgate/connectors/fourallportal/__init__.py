"""4ALLPORTAL: DAM and PIM of one vendor behind one HTTP API."""
