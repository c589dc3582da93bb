"""What people write, read clause by clause, in Chinese and English: whose words, in which mood, about which fault.

Pure and linear. Intake finds with it what a request says (P1.2), triage what follows from that (P2.2, P2.3).
"""
