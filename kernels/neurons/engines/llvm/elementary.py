"""Elementary functions of vectors, written as LLVM instructions.

The C library's functions take one number at a time; these take a whole vector through the same
polynomials, to within 2 units in the last place. The others are left to the C library.
Source: Muller 2016, Elementary functions, 3rd ed., chapters 3 and 11 (argument reduction, Estrin);
Sun Microsystems 1993, fdlibm e_log.c, k_sin.c, k_cos.c, and Moshier 1989, Methods and programs for
mathematical functions, atan (coefficients)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir

Value = Any
"""A vector <width x double> or <width x i1> of llvmlite, which has no types of its own."""

DOUBLE, INT, BIT = ir.DoubleType(), ir.IntType(64), ir.IntType(1)

_LN2_HIGH = float.fromhex("0x1.62e42fefa3800p-1")  # the 42 bits of ln 2 whose multiples are exact
_LN2_LOW = float.fromhex("0x1.ef35793c76730p-45")
_SHIFT = 1.5 * 2.0**52  # adding it leaves a small whole number in the last bits
_MANTISSA = (1 << 52) - 1
# Chebyshev fit of (exp(r) - 1 - r) / r² for |r| <= ln 2 / 2, to a sixth of the last place
_EXP = (
    *(0.5000000000000001, 0.16666666666666669, 0.041666666666624164, 0.008333333333330065),
    *(0.0013888888917196736, 0.00019841269863040559, 2.480152132234228e-05),
    *(2.7557268480289716e-06, 2.7620075892548164e-07, 2.51003758422237e-08),
)
# pi/2 in three parts, each to the last place of what the one before leaves
_HALF_PI = (1.5707963267948966, 6.123233995736766e-17, -1.4973849048591833e-33)
_FAR = 1e8  # beyond, the C library reduces the angle
_SIN = (
    *(-1.66666666666666324348e-01, 8.33333333332248946124e-03, -1.98412698298579493134e-04),
    *(2.75573137070700676789e-06, -2.50507602534068634195e-08, 1.58969099521155010221e-10),
)
_COS = (
    *(4.16666666666666019037e-02, -1.38888888888741095749e-03, 2.48015872894767294178e-05),
    *(-2.75573143513906633035e-07, 2.08757232129817482790e-09, -1.13596475577881948265e-11),
)
_ATAN_OVER = (
    *(-6.485021904942025371773e1, -1.228866684490136173410e2, -7.500855792314704667340e1),
    *(-1.615753718733365076637e1, -8.750608600031904122785e-1),
)
_ATAN_UNDER = (
    *(1.945506571482613964425e2, 4.853903996359136964868e2, 4.328810604912902668951e2),
    *(1.650270098316988542046e2, 2.485846490142306297962e1, 1.0),
)
_LOG = (
    *(6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01),
    *(2.222219843214978396e-01, 1.818357216161805012e-01, 1.531383769920937332e-01),
    1.479819860511658591e-01,
)


class VectorMath:
    """Emits instructions on vectors of a width at the builder's place."""

    def __init__(self, builder: ir.IRBuilder, width: int) -> None:
        self.builder, self.width = builder, width
        self.vector = ir.VectorType(DOUBLE, width)
        self.ints = ir.VectorType(INT, width)
        self.bits = ir.VectorType(BIT, width)

    def number(self, x: float) -> Value:
        """The same number in every lane."""
        return ir.Constant(self.vector, [x] * self.width)

    def _whole(self, n: int) -> Value:
        return ir.Constant(self.ints, [n] * self.width)

    def apply(self, name: str, args: Sequence[Value]) -> Value:
        """An operation of the tape."""
        if name == "where":
            return self.builder.select(self.truth(args[0]), *map(self.numeric, args[1:]))
        if name in _LOGIC:
            return _LOGIC[name](self.builder, *map(self.truth, args))
        operands = [self.numeric(arg) for arg in args]
        if name in _ORDERS:
            return self.builder.fcmp_ordered(_ORDERS[name], *operands)
        if name in _ARITHMETIC:
            return _ARITHMETIC[name](self.builder, *operands, flags=("contract",))
        if name in _INTRINSICS:
            return self._intrinsic(name, *operands)
        if name in _LIBRARY:
            return self._each(_LIBRARY[name], *operands)
        if name in _LONG:
            return self._called(name, *operands)
        value: Value = getattr(self, name)(*operands)
        return value

    def _called(self, name: str, x: Value) -> Value:
        """A long function, written once for the module: in line, each use would be compiled."""
        full = f"vector.{name}"
        function = self.builder.module.globals.get(full)
        if function is None:
            signature = ir.FunctionType(self.vector, [self.vector])
            function = ir.Function(self.builder.module, signature, full)
            function.linkage, function.calling_convention = "internal", "fastcc"
            for attribute in ("noinline", "nounwind"):
                function.attributes.add(attribute)
            builder = ir.IRBuilder(function.append_basic_block())
            builder.ret(getattr(VectorMath(builder, self.width), name)(*function.args))
        return self.builder.call(function, [x], cconv="fastcc")

    def spread(self, number: Value) -> Value:
        """One number into every lane."""
        first = ir.Constant(ir.IntType(32), 0)
        one = self.builder.insert_element(ir.Constant(self.vector, ir.Undefined), number, first)
        lanes = ir.Constant(ir.VectorType(ir.IntType(32), self.width), [0] * self.width)
        return self.builder.shuffle_vector(one, one, lanes)

    def truth(self, value: Value) -> Value:
        """Who is not zero."""
        if value.type == self.bits:
            return value
        return self.builder.fcmp_unordered("!=", value, self.number(0.0))

    def numeric(self, value: Value) -> Value:
        """Truth as 0 or 1; numbers as they are."""
        return self.builder.uitofp(value, self.vector) if value.type == self.bits else value

    def _intrinsic(self, name: str, *args: Value) -> Value:
        full = f"llvm.{name}.v{self.width}f64"
        return self._call(full, self.vector, args)

    def _call(self, name: str, kind: Any, args: Sequence[Value]) -> Value:
        function = self.builder.module.globals.get(name)
        if function is None:
            signature = ir.FunctionType(kind, [kind] * len(args))
            function = ir.Function(self.builder.module, signature, name)
        return self.builder.call(function, args)

    def _each(self, name: str, *args: Value) -> Value:
        """A function of the C library, lane by lane."""
        result = ir.Constant(self.vector, ir.Undefined)
        for lane in range(self.width):
            place = ir.Constant(ir.IntType(32), lane)
            numbers = [self.builder.extract_element(arg, place) for arg in args]
            result = self.builder.insert_element(result, self._call(name, DOUBLE, numbers), place)
        return result

    def _fma(self, a: Value, b: Value, c: Value) -> Value:
        return self._intrinsic("fma", a, b, c)

    def _polynomial(self, x: Value, coefficients: Sequence[float]) -> Value:
        """Estrin's scheme: neighbours in pairs, so that few operations wait for each other."""
        terms = [self.number(c) for c in coefficients]
        power = x
        while len(terms) > 1:
            pairs = [
                self._fma(power, high, low)
                for low, high in zip(terms[::2], terms[1::2], strict=False)
            ]
            terms = pairs + terms[len(pairs) * 2 :]
            power = self.builder.fmul(power, power)
        return terms[0]

    def _clipped(self, x: Value, low: float, high: float) -> Value:
        """x within bounds; NaN stays NaN."""
        for sign, bound in (("<", low), (">", high)):
            beyond = self.builder.fcmp_ordered(sign, x, self.number(bound))
            x = self.builder.select(beyond, self.number(bound), x)
        return x

    def _reduced(self, x: Value) -> tuple[Value, Value]:
        """n and exp(r) - 1 where x = n ln 2 + r and n is whole."""
        b = self.builder
        n = self._intrinsic("rint", b.fmul(x, self.number(1.0 / math.log(2.0))))
        r = self._fma(n, self.number(-_LN2_HIGH), x)
        r = self._fma(n, self.number(-_LN2_LOW), r)
        tail = self._polynomial(r, _EXP)
        return n, self._fma(b.fmul(r, r), tail, r)

    def _power_of_two(self, n: Value) -> Value:
        """2**n for whole n from -1022 to 1023."""
        b = self.builder
        bits = b.bitcast(b.fadd(n, self.number(_SHIFT + 1023.0)), self.ints)
        return b.bitcast(b.shl(bits, self._whole(52)), self.vector)

    def _scaled(self, x: Value, n: Value) -> Value:
        """x * 2**n, in two steps, so that neither the largest nor the smallest numbers are lost."""
        b = self.builder
        half = self._intrinsic("floor", b.fmul(n, self.number(0.5)))
        x = b.fmul(x, self._power_of_two(half))
        return b.fmul(x, self._power_of_two(b.fsub(n, half)))

    def exp(self, x: Value) -> Value:
        """e**x; what is below 1e-307 is 0."""
        b = self.builder
        n, less_one = self._reduced(self._clipped(x, -707.0, 710.0))
        # half the power, since 2**1024 is no number
        half = self._power_of_two(b.fsub(n, self.number(1.0)))
        result = b.fmul(b.fadd(b.fadd(less_one, less_one), self.number(2.0)), half)
        tiny = b.fcmp_ordered("<", x, self.number(-707.0))
        return b.select(tiny, self.number(0.0), result)

    def expm1(self, x: Value) -> Value:
        """e**x - 1, exact also where x is small."""
        b, one = self.builder, self.number(1.0)
        n, less_one = self._reduced(self._clipped(x, -60.0, 710.0))
        power = self._power_of_two(self._clipped(n, -100.0, 100.0))
        small = self._fma(power, less_one, b.fsub(power, one))
        large = self._scaled(b.fadd(less_one, one), n)
        result = b.select(b.fcmp_ordered(">", x, self.number(60.0)), large, small)
        zero = b.fcmp_ordered("==", x, self.number(0.0))
        return b.select(zero, x, result)  # -0.0 stays -0.0

    def tanh(self, x: Value) -> Value:
        """The hyperbolic tangent."""
        b = self.builder
        grown = self.expm1(
            b.fmul(self._clipped(self._intrinsic("fabs", x), 0.0, 25.0), self.number(2.0))
        )
        return self._intrinsic("copysign", b.fdiv(grown, b.fadd(grown, self.number(2.0))), x)

    def cosh(self, x: Value) -> Value:
        """The hyperbolic cosine."""
        b = self.builder
        n, less_one = self._reduced(self._clipped(self.abs(x), 0.0, 712.0))
        half = self._scaled(b.fadd(less_one, self.number(1.0)), b.fsub(n, self.number(1.0)))
        return b.fadd(half, b.fdiv(self.number(0.25), half))

    def log(self, x: Value) -> Value:
        """The natural logarithm."""
        b = self.builder
        tiny = b.fcmp_ordered("<", x, self.number(2.0**-1022))
        scaled = b.select(tiny, b.fmul(x, self.number(2.0**54)), x)
        offset = b.select(tiny, self.number(1023.0 + 54.0), self.number(1023.0))
        bits = b.bitcast(scaled, self.ints)
        exponent = b.or_(b.lshr(bits, self._whole(52)), self._whole(0x4330000000000000))
        n = b.fsub(b.bitcast(exponent, self.vector), b.fadd(offset, self.number(2.0**52)))
        one = self._whole(0x3FF0000000000000)
        m = b.bitcast(b.or_(b.and_(bits, self._whole(_MANTISSA)), one), self.vector)
        high = b.fcmp_ordered(">", m, self.number(math.sqrt(2.0)))
        m = b.select(high, b.fmul(m, self.number(0.5)), m)
        n = b.select(high, b.fadd(n, self.number(1.0)), n)
        f = b.fsub(m, self.number(1.0))
        s = b.fdiv(f, b.fadd(f, self.number(2.0)))
        z = b.fmul(s, s)
        half = b.fmul(self.number(0.5), b.fmul(f, f))
        rest = b.fadd(half, b.fmul(z, self._polynomial(z, _LOG)))
        low = self._fma(s, rest, b.fmul(n, self.number(_LN2_LOW)))
        result = self._fma(n, self.number(_LN2_HIGH), b.fsub(f, b.fsub(half, low)))
        for sign, bound, value in (
            ("==", 0.0, -math.inf),
            ("<", 0.0, math.nan),
            ("==", math.inf, math.inf),
        ):
            is_so = b.fcmp_ordered(sign, x, self.number(bound))
            result = b.select(is_so, self.number(value), result)
        return b.select(b.fcmp_unordered("uno", x, x), x, result)

    def sin(self, x: Value) -> Value:
        """The sine."""
        return self._turned("sin", x, 0.0)

    def cos(self, x: Value) -> Value:
        """The cosine."""
        return self._turned("cos", x, 1.0)

    def _turned(self, name: str, x: Value, quarters: float) -> Value:
        """The sine of x and so many right angles."""
        b = self.builder
        far = b.fcmp_unordered(">", self.abs(x), self.number(_FAR))
        with b.goto_entry_block():
            cell = b.alloca(self.vector)
        any_far = b.icmp_unsigned("!=", b.bitcast(far, ir.IntType(self.width)), self._none())
        with b.if_else(any_far, likely=False) as (library, polynomials):
            with library:
                b.store(self._each(name, x), cell)
            with polynomials:
                b.store(self._sine(x, quarters), cell)
        return b.load(cell)

    def _none(self) -> Value:
        return ir.Constant(ir.IntType(self.width), 0)

    def _sine(self, x: Value, quarters: float) -> Value:
        b = self.builder
        n = self._intrinsic("rint", b.fmul(x, self.number(2.0 / math.pi)))
        r = x
        for part in _HALF_PI:
            r = self._fma(n, self.number(-part), r)
        z = b.fmul(r, r)
        sine = self._fma(b.fmul(r, z), self._polynomial(z, _SIN), r)
        square = self._fma(z, self._polynomial(z, _COS), self.number(-0.5))
        cosine = self._fma(z, square, self.number(1.0))
        turns = b.bitcast(b.fadd(n, self.number(_SHIFT + quarters)), self.ints)
        odd = b.trunc(turns, self.bits)
        value = b.select(odd, cosine, sine)
        sign = b.shl(b.lshr(turns, self._whole(1)), self._whole(63))
        return b.bitcast(b.xor(b.bitcast(value, self.ints), sign), self.vector)

    def arctan(self, x: Value) -> Value:
        """The arc tangent."""
        b, size, one = self.builder, self.abs(x), self.number(1.0)
        far = b.fcmp_ordered(">", size, self.number(1.0 + math.sqrt(2.0)))
        middle = b.fcmp_ordered(">", size, self.number(0.66))
        over = b.select(far, self.number(-1.0), b.select(middle, b.fsub(size, one), size))
        under = b.select(far, size, b.select(middle, b.fadd(size, one), one))
        r = b.fdiv(over, under)
        eighths = b.select(middle, self.number(1.0), self.number(0.0))
        eighths = b.select(far, self.number(2.0), eighths)  # of a full turn
        z = b.fmul(r, r)
        ratio = b.fdiv(self._polynomial(z, _ATAN_OVER), self._polynomial(z, _ATAN_UNDER))
        near = self._fma(b.fmul(r, z), ratio, r)
        near = self._fma(eighths, self.number(_HALF_PI[1] / 2.0), near)
        angle = self._fma(eighths, self.number(_HALF_PI[0] / 2.0), near)
        return self._intrinsic("copysign", angle, x)

    def remainder(self, x: Value, y: Value) -> Value:
        """x modulo y, with the sign of y."""
        b, zero = self.builder, self.number(0.0)
        r = b.frem(x, y)
        apart = b.fcmp_ordered("<", b.fmul(r, y), zero)
        return b.select(apart, b.fadd(r, y), r)

    def maximum(self, x: Value, y: Value) -> Value:
        """The larger one; NaN where either is."""
        b = self.builder
        return b.select(b.or_(b.fcmp_ordered(">=", x, y), b.fcmp_unordered("uno", x, x)), x, y)

    def minimum(self, x: Value, y: Value) -> Value:
        """The smaller one; NaN where either is."""
        b = self.builder
        return b.select(b.or_(b.fcmp_ordered("<=", x, y), b.fcmp_unordered("uno", x, x)), x, y)

    def abs(self, x: Value) -> Value:
        """The magnitude."""
        return self._intrinsic("fabs", x)

    def sign(self, x: Value) -> Value:
        """-1, 0 or 1."""
        signed = self._intrinsic("copysign", self.number(1.0), x)
        is_sign = self.builder.fcmp_ordered("!=", x, self.number(0.0))
        return self.builder.select(is_sign, signed, x)

    def not_equal(self, x: Value, y: Value) -> Value:
        """Whether they differ, which NaN does from all."""
        return self.builder.fcmp_unordered("!=", x, y)

    def isnan(self, x: Value) -> Value:
        """Whether it is no number."""
        return self.builder.fcmp_unordered("uno", x, x)

    def isfinite(self, x: Value) -> Value:
        """Whether it is neither infinite nor NaN."""
        return self.builder.fcmp_ordered("<", self.abs(x), self.number(math.inf))


_LOGIC: dict[str, Callable[..., Value]] = {
    "logical_and": ir.IRBuilder.and_,
    "logical_or": ir.IRBuilder.or_,
    "logical_not": ir.IRBuilder.not_,
}
_ORDERS = {
    "less": "<",
    "less_equal": "<=",
    "greater": ">",
    "greater_equal": ">=",
    "equal": "==",
}
_ARITHMETIC: dict[str, Callable[..., Value]] = {
    "add": ir.IRBuilder.fadd,
    "subtract": ir.IRBuilder.fsub,
    "multiply": ir.IRBuilder.fmul,
    "divide": ir.IRBuilder.fdiv,
    "negative": ir.IRBuilder.fneg,
}
_LONG = frozenset(["exp", "expm1", "tanh", "cosh", "log", "sin", "cos", "arctan"])
_INTRINSICS = frozenset(["sqrt", "floor"])
_LIBRARY = {
    **{name: name for name in ("log1p", "tan", "sinh")},
    "power": "pow",
}
