"""What can be wrong with an object of the protocol. Every refusal names the rule that failed."""

RULES = {
    "archive-format": "the file consists of whole records, printed as the protocol says, and nothing else",
    "record-hash": "a record has the hash that its name states",
    "earlier-copy": "an archive begins with every byte of a copy that was made before",
    "event-chain": "every event names the event before it and is numbered from 0",
    "event-order": "the events come in the order of an election, each once where it may come once",
    "event-payload": "an event names the records before it",
    "election": "the election can be read and its group is known",
    "trustees": "every trustee proves to know the own key; members of a threshold prove how theirs was made",
    "election-key": "the key of the election is made of the trustees' keys",
    "public-credentials": "the credentials are distinct, valid and not the identity",
    "ballot-size": "a ballot is no larger than a ballot of this election can be",
    "canonical": "objects are printed exactly as the protocol prints them, and numbers in their one form",
    "ballot-election": "a ballot is for this election",
    "ballot-credential": "a ballot is signed with a credential of this election",
    "ballot-replayed": "no ballot is cast twice byte by byte",
    "ballot-shape": "a ballot answers every question, with as many ciphertexts and proofs as the question asks for",
    "number-range": "every challenge and response is less than the order of the group",
    "membership": "every element is in the group",
    "signature": "the ballot is signed by the holder of the credential",
    "individual-proof": "every choice is 0 or 1",
    "overall-proof": "the number of choices is between the least and the most",
    "blank-proof": "a blank answer has no other choice",
    "encryption-proof": "the voter knows what the shuffled answer encrypts",
    "ballot-content": "a ballot that tested a device was made from the secrets that the device gave away",
    "tally": "the encrypted tally is that of the last ballots of all voters",
    "shuffle-owner": "different trustees shuffled, as many as are asked for",
    "shuffle-shape": "a shuffle has as many ciphertexts and proofs as the tally before it",
    "shuffle-proof": "a shuffle changed nothing but order and encryption",
    "decryption-owner": "each trustee decrypts once",
    "decryption-shape": "a partial decryption has a factor and a proof for every ciphertext",
    "decryption-proof": "a factor was made with the trustee's key",
    "decryption-missing": "as many trustees decrypted as the election needs",
    "result": "the result is what the partial decryptions give",
}
"""Every rule by name, with what holds where it is kept."""


class Refusal(ValueError):
    """Something breaks a rule of the protocol: which one, and a sentence that says what is wrong and where."""

    def __init__(self, rule: str, sentence: str) -> None:
        super().__init__(rule, sentence)
        self.rule, self.sentence = rule, sentence

    def __str__(self) -> str:
        return f"{self.rule}: {self.sentence}"
