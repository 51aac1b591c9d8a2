"""A browser's window on the demo, and what a person does in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import FloatRect, Locator, Page, expect

HANDOFFS = "C0HANDOFFS"
LIGHT, DARK = "light", "dark"
AS_WIDE_AS_A_MESSAGE, HIGHER_THAN_ANY = 1060, 1440
"""The window in which single elements are drawn."""
MARGIN = 5
AT_REST = "document.activeElement?.blur(); document.getElementById('toasts').hidePopover()"
"""What a picture is taken of: no field has the focus, and nothing is told for the moment."""


@dataclass(frozen=True)
class Window:
    """One page; whoever acts is named in each step that changes the person."""

    page: Page
    url: str
    pictures: Path | None

    # ---- where one is

    def enter(self, person: str, channel: str = HANDOFFS, *, theme: str = LIGHT, tour: str = "off") -> None:
        """Open the page as a person in a channel; `tour=""` with the tour at its side."""
        self.page.goto("about:blank")
        with self._messages_read():
            self.page.goto(f"{self.url}/#as={person}&c={channel}&theme={theme}&tour={tour}")
        expect(self.hook("composer")).to_be_visible()

    def become(self, person: str) -> None:
        """Act as somebody else, by the list in the top bar."""
        with self._messages_read(f"as={person}"):
            self.hook("person").select_option(person)
        expect(self.page.locator(".self")).to_contain_text(self._name_of(person))

    def go(self, channel: str = HANDOFFS) -> None:
        with self._messages_read():
            self.page.locator(f'[data-testid="channel"][data-channel="{channel}"]').click()
        expect(self.hook("composer")).to_be_visible()

    def open_home(self, person: str, *, theme: str = LIGHT) -> Locator:
        self.page.goto("about:blank")
        self.page.goto(f"{self.url}/#as={person}&tab=home&theme={theme}&tour=off")
        home = self.hook("home")
        expect(home).to_be_visible()
        return home

    def open_dm(self, person: str) -> None:
        self.open_home(person)
        with self._messages_read():
            self.hook("messages-tab").click()
        expect(self.hook("composer")).to_be_visible()

    @contextmanager
    def _messages_read(self, by: str = "as=") -> Iterator[None]:
        """Wait until the place that was gone to shows something; more may come in while it is drawn."""
        with self.page.expect_response(lambda it: "/page/messages" in it.url and by in it.url) as answer:
            yield
        if answer.value.json()["messages"]:
            expect(self.hook("messages").get_by_test_id("message").first).to_be_visible()

    def _name_of(self, person: str) -> str:
        chosen = self.hook("person").locator(f'option[value="{person}"]').inner_text()
        return chosen.partition(" · ")[0]

    # ---- what one sees

    def hook(self, name: str) -> Locator:
        return self.page.get_by_test_id(name)

    def message(self, words: str) -> Locator:
        """Find the newest message with these words."""
        return self.hook("message").filter(has_text=words).last

    def private(self) -> Locator:
        """Find the messages that only this person sees."""
        return self.page.locator('[data-testid="message"][data-ephemeral]')

    def field(self, name: str) -> Locator:
        return self.hook("modal").locator(f'[data-block-id="{name}"] .field')

    def now(self) -> float:
        return float(self.hook("clock").get_attribute("data-now") or 0)

    # ---- what one does

    def say(self, text: str) -> None:
        self.hook("composer").fill(text)
        self.hook("send").click()

    def ask(self, text: str) -> Locator:
        """Type a command and wait for its private answer."""
        before = self.private().count()
        self.say(text)
        expect(self.private()).to_have_count(before + 1)
        return self.private().last

    def check(self, message: Locator) -> None:
        """Put a check mark on a message, or take it back."""
        message.hover()
        message.get_by_test_id("react-check").click()

    def press(self, place: Locator, action: str) -> None:
        place.locator(f'[data-action-id="{action}"]').first.click()

    def choose(self, place: Locator, action: str, words: str) -> None:
        """Open an overflow and choose one of its entries."""
        self.press(place, action)
        self.page.get_by_role("menuitem", name=words).click()

    def submit(self) -> None:
        self.hook("modal-submit").click()
        expect(self.hook("modal")).to_be_hidden()

    def move(self, name: str) -> None:
        """Move the clock, and wait until all that fell due has happened."""
        before = self.now()
        self.page.locator(f'[data-testid="clock-move"][data-move="{name}"]').click()
        self.page.wait_for_function(
            "before => +document.querySelector('[data-testid=clock]').dataset.now > before + 60", arg=before
        )
        expect(self.page.locator('[data-testid="clock-move"][aria-busy]')).to_have_count(0)

    # ---- pictures

    def draw(
        self,
        name: str,
        shown: Locator | None = None,
        *,
        down_to: Locator | None = None,
        width: int = AS_WIDE_AS_A_MESSAGE,
    ) -> None:
        """Take a picture for the README, where those are asked for: of the page, or of an element's top."""
        if self.pictures is None:
            return
        size = self.page.viewport_size
        if shown is not None:
            self.page.set_viewport_size({"width": width, "height": HIGHER_THAN_ANY})
        self.page.mouse.move(0, 0)
        self.page.evaluate(AT_REST)
        self.pictures.mkdir(parents=True, exist_ok=True)
        clip = None if shown is None else _around(shown, down_to or shown)
        self.page.screenshot(path=self.pictures / f"{name}.png", animations="disabled", clip=clip)
        if size is not None:
            self.page.set_viewport_size(size)


def _around(shown: Locator, last: Locator) -> FloatRect:
    """Find what a picture of an element shows, down to one that stands in it."""
    shown.scroll_into_view_if_needed()
    box, end = shown.bounding_box(), last.bounding_box()
    assert box is not None
    assert end is not None
    height = min(box["y"] + box["height"], end["y"] + end["height"] + MARGIN) - box["y"]
    return {"x": box["x"], "y": box["y"], "width": box["width"], "height": height}
