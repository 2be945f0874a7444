"""How different two colors look, also to eyes that lack one kind of cone.

The difference is CIEDE2000 (Sharma, Wu and Dalal 2005, "The CIEDE2000 color-difference formula"): about 1 is just noticed
side by side, 15 is told apart at a glance. What an eye without one kind of cone sees is simulated by the matrices for a
severity of 1 of Machado, Oliveira and Fernandes 2009, "A physiologically-based model for simulation of color vision
deficiency", which also browsers use.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Colors = NDArray[np.float64]

EYES: dict[str, Any] = {
    "all cones": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def to_lab(colors: ArrayLike, eye: str = "all cones") -> Colors:
    """Return colors (…, 3), bytes of sRGB, in CIELAB (…, 3) as `eye` sees them."""
    share = np.asarray(colors, dtype=float) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ np.transpose(EYES[eye]), 0, 1)
    xyz = seen @ _TO_XYZ.T / _TO_XYZ.sum(axis=1)
    x, y, z = np.moveaxis(np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29), -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def difference(one: ArrayLike, other: ArrayLike) -> Colors:
    """Return the CIEDE2000 difference of colors in CIELAB (…, 3); steps and names are those of Sharma's paper."""
    (l_1, a_1, b_1), (l_2, a_2, b_2) = (np.moveaxis(np.asarray(lab, dtype=float), -1, 0) for lab in (one, other))
    stretch = 1.5 - 0.5 * _saturation((np.hypot(a_1, b_1) + np.hypot(a_2, b_2)) / 2)
    c_1, c_2 = np.hypot(stretch * a_1, b_1), np.hypot(stretch * a_2, b_2)
    h_1, h_2 = (np.degrees(np.arctan2(b, stretch * a)) % 360 for a, b in ((a_1, b_1), (a_2, b_2)))
    is_gray = c_1 * c_2 == 0
    turn = np.where(is_gray, 0, (h_2 - h_1 + 180) % 360 - 180)
    hue = np.where(is_gray, h_1 + h_2, (h_1 + turn / 2) % 360)
    lightness, chroma = (l_1 + l_2) / 2, (c_1 + c_2) / 2
    s_l = 1 + 0.015 * (lightness - 50) ** 2 / np.sqrt(20 + (lightness - 50) ** 2)
    s_c, s_h = 1 + 0.045 * chroma, 1 + 0.015 * chroma * _hue_weight(hue)
    by_lightness, by_chroma = (l_2 - l_1) / s_l, (c_2 - c_1) / s_c
    by_hue = 2 * np.sqrt(c_1 * c_2) * np.sin(np.radians(turn / 2)) / s_h
    rotation = -np.sin(np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2)))) * 2 * _saturation(chroma)
    return np.sqrt(by_lightness**2 + by_chroma**2 + by_hue**2 + rotation * by_chroma * by_hue)


def _saturation(chroma: Colors) -> Colors:
    return np.sqrt(chroma**7 / (chroma**7 + 25.0**7))


def _hue_weight(hue: Colors) -> Colors:
    """Return T of the formula for a mean hue in degrees."""
    terms = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63))
    return np.asarray(1 + sum(weight * np.cos(np.radians(times * hue + shift)) for weight, times, shift in terms))
