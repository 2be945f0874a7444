"""How a file is refused: one line that says what is wrong with it, and one that says what to do."""


def refusal(name: str, problem: str, hint: str) -> ValueError:
    """Return the error "name problem; hint"; what a file says of itself cannot add a second hint or a second line."""
    said = " ".join(problem.replace(";", ",").split())
    return ValueError(f"{name.replace(';', ',')} {said}; {hint}")
