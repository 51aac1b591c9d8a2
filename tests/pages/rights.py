"""The page "Who may do what", written from the table of rights."""

from collections.abc import Mapping

from bot.services.rights import RIGHTS, Act, Right, Role

HEAD = """\
# Who may do what

One table, `bot/services/rights.py`, which every act asks. Who somebody is, is read from the text that
speaks and its user groups.
"""
FOOT = """
¹ Not once the agreement has ended; what is open may be worked to its end. A manager of one side acts for
it, a manager of both for neither. Whoever is in the user groups of both sides may only read. Where a lead
has left, the side's manager signs. Whom Slack was not asked about yet may set up an agreement, and read one
that names them; all else waits the minute until Slack has told who they are.
"""
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
    Act.EXPORT: "export handoffs, leads and clocks",
    Act.SEE_NAMES: "see names of all leads in an export",
    Act.LOG: "log a handoff",
    Act.PLAN: "announce and withdraw planned handoffs",
    Act.CORRECT: "correct a handoff: its author, until Sales has acted",
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
    """Write the page: a row for each act, a column for each role."""
    head = ["", *COLUMNS]
    rows = [
        [_words(act, right), *(_mark(right, roles) for roles in COLUMNS.values())]
        for act, right in RIGHTS.items()
    ]
    lines = [head, ["---", *(":-:" for _ in COLUMNS)], *rows]
    return "\n".join([HEAD, *("| " + " | ".join(line) + " |" for line in lines), FOOT])


def _words(act: Act, right: Right) -> str:
    return WORDS[act] + (" ¹" if right.is_over_at_end else "")


def _mark(right: Right, roles: tuple[Role, ...]) -> str:
    return "✓" if right.roles.issuperset(roles) else ""
