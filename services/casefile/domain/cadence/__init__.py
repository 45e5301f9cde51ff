"""What is owed to whom, when: windows, proofs, outcomes. Pure: the log and the day come in.

`policy` says what a policy document holds, `calendar` which days are terms and working days,
`windows` which stretches of time a rule asks about, `rulebook` which rules hold for whom,
`known` what a stream said at a moment, and `judging` what came of each window.
"""
