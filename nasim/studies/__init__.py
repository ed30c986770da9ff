"""Studies beside the cell: the current at a pore in the anode interface, and the stability window of an electrolyte.

Neither needs a cell model. Import the one that is wanted (`nasim.studies.pore`, `nasim.studies.window`); what they need
beyond numpy is imported when they compute.
"""
