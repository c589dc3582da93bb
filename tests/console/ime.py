"""An input method, as a browser tells of one."""

from playwright.async_api import Page


async def compose(page: Page) -> None:
    """As Chromium tells of an input method: the Enter that takes a candidate, the Escape that drops one."""
    wire = await page.context.new_cdp_session(page)
    await wire.send("Input.imeSetComposition", {"text": "nihao", "selectionStart": 5, "selectionEnd": 5})
    press = {"type": "rawKeyDown", "key": "Process", "windowsVirtualKeyCode": 229}
    await wire.send("Input.dispatchKeyEvent", press)
    for key in ("Enter", "Escape", "ArrowDown"):
        await page.evaluate(
            "key => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', "
            "{key, isComposing: true, bubbles: true, cancelable: true}))",
            key,
        )
    await wire.send("Input.insertText", {"text": "你好"})
