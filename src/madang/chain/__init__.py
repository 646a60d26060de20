"""Hash-chained books of events, Merkle roots, seals and the file a stranger can check without the site.

A *book* is a chain of events, a *seal* is one hash over the heads of all books, chained to the seal
before it. The file format is described in `madang.chain.files`.
"""

from madang.chain.events import GENESIS as GENESIS
from madang.chain.events import event_hash as event_hash
from madang.chain.files import FORMAT as FORMAT
from madang.chain.files import Written as Written
from madang.chain.files import write as write
from madang.chain.merkle import inclusion_proof as inclusion_proof
from madang.chain.merkle import merkle_root as merkle_root
from madang.chain.merkle import verify_inclusion as verify_inclusion
from madang.chain.reading import verify as verify
from madang.chain.seals import SealHash as SealHash
from madang.chain.seals import head_leaf as head_leaf
from madang.chain.seals import seal_hash as seal_hash
from madang.chain.serialising import canonical as canonical
from madang.chain.verification import Verification as Verification
from madang.chain.verification import differences as differences
