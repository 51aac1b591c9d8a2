"""Invented leads: names of nobody, at companies that do not exist."""

import csv as formats
from collections.abc import Mapping
from io import StringIO
from random import Random

GIVEN = (
    "Amelie", "Bruno", "Carla", "Dario", "Elif", "Farid", "Greta", "Hakan", "Imke", "Jonas", "Katja", "Liam", "Mina",
    "Nils", "Olga", "Pavel", "Runa", "Selma", "Tariq", "Uta", "Vera", "Wim", "Yara", "Zeno",
)  # fmt: skip
FAMILY = (
    "Albers", "Bastian", "Claes", "Dorn", "Eklund", "Ferro", "Gruber", "Hansen", "Ivers", "Janssen", "Keller", "Lorenz",
    "Moreau", "Novotny", "Oster", "Petit", "Quist", "Rossi", "Sander", "Thoma", "Ulrich", "Vogt", "Weiss", "Zander",
)  # fmt: skip
COMPANY = (
    "Alder",
    "Birch",
    "Cobalt",
    "Delta",
    "Ember",
    "Fjord",
    "Granite",
    "Harbour",
    "Indigo",
    "Juniper",
    "Krone",
    "Lumen",
)
TRADE = (
    "Foods",
    "Labs",
    "Logistics",
    "Media",
    "Optics",
    "Pharma",
    "Software",
    "Systems",
    "Textiles",
    "Tools",
)


def csv(random: Random, tiers: Mapping[str, int]) -> bytes:
    """Write a file of leads as a marketer would upload it."""
    out = StringIO()
    writer = formats.writer(out)
    writer.writerow(("name", "company", "email", "tier", "score"))
    for tier, count in tiers.items():
        for _ in range(count):
            writer.writerow(_lead(random, tier))
    return out.getvalue().encode()


def _lead(random: Random, tier: str) -> tuple[str, str, str, str, int]:
    given, family = random.choice(GIVEN), random.choice(FAMILY)
    company = f"{random.choice(COMPANY)} {random.choice(TRADE)}"
    address = f"{given}.{family}{random.randint(1, 999)}@{company.replace(' ', '-')}.example".lower()
    return f"{given} {family}", company, address, tier, random.randint(40, 95)
