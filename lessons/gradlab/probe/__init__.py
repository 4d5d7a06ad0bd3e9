"""Looking at an answer: call it, and write down all that can be seen from outside.

A probe has no judgement in it. It sends a `Call` to whatever holds the answer — this process, or a kernel behind a
socket — and gets an `Answer` back. Only plain data crosses: tensors, numbers, text, and the names of known functions.
"""

from gradlab.probe.answer import Answer, Raised
from gradlab.probe.call import Call, Named
from gradlab.probe.perform import Performer
from gradlab.probe.probe import Probe, ProbeError

__all__ = ["Answer", "Call", "Named", "Performer", "Probe", "ProbeError", "Raised"]
