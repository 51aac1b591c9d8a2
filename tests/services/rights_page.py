"""The README's page "Who may do what", written from the table: python -m tests.services.rights_page."""

from collections.abc import Mapping
from pathlib import Path

from bot.services.rights import RIGHTS, Act, Right, Role

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- rights: python -m tests.services.rights_page -->", "<!-- /rights -->"
COLUMNS: Mapping[str, tuple[Role, ...]] = {
    "marketer": (Role.MARKETER,),
    "marketing lead": (Role.MARKETING_LEAD,),
    "marketing manager": (Role.MARKETING_MANAGER,),
    "rep": (Role.REP,),
    "sales lead": (Role.SALES_LEAD,),
    "sales manager": (Role.SALES_MANAGER,),
    "manager of both": (Role.MANAGER,),
    "colleague": (Role.COLLEAGUE,),
    "guest, bot, other company, former": (Role.GUEST, Role.BOT, Role.STRANGER, Role.FORMER),
}
WORDS: Mapping[Act, str] = {
    Act.READ: "read figures, handoffs and the agreement",
    Act.SHARE: "share figures in the channel",
    Act.LOG: "log a handoff",
    Act.PLAN: "announce and withdraw planned handoffs",
    Act.VOID: "void a handoff: its author, until Sales has acted",
    Act.TAKE: "take leads and give them back",
    Act.REJECT: "reject leads",
    Act.TOUCH: "report a contact",
    Act.OUTCOME: "record an outcome",
    Act.HAND_ON: "hand leads on: one's own, the lead anybody's",
    Act.ASK: "ask Marketing",
    Act.ANSWER: "answer Sales",
    Act.DISPUTE: "dispute a rejection",
    Act.SETTLE: "settle a dispute",
    Act.SNOOZE: "snooze a clock of one's own",
    Act.EXCUSE: "ask to excuse what was late on one's side",
    Act.JUDGE: "excuse what was late on the other side",
    Act.AWAY: "go away and come back",
    Act.DUTY: "do a duty of one's side",
    Act.SETUP: "set up an agreement for a channel without one",
    Act.AMEND: "write a draft and propose it",
    Act.SIGN: "sign or decline a proposal",
}


def page() -> str:
    """Write the table: a row for each act, a column for each role."""
    head = ["", *COLUMNS]
    rows = [
        [_words(act, right), *(_mark(right, roles) for roles in COLUMNS.values())]
        for act, right in RIGHTS.items()
    ]
    lines = [head, ["---", *(":-:" for _ in COLUMNS)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _words(act: Act, right: Right) -> str:
    return WORDS[act] + (" ¹" if right.is_over_at_end else "")


def _mark(right: Right, roles: tuple[Role, ...]) -> str:
    return "✓" if right.roles.issuperset(roles) else ""


def written_in(readme: str) -> str:
    """Read the table out of the README."""
    return readme.partition(BEGIN)[2].partition(END)[0].strip()


if __name__ == "__main__":
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    README.write_text(f"{before}{BEGIN}\n{page()}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
