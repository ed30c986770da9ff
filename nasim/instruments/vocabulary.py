"""The words of instruments: what they call each quantity, the units they write, what they call the kinds of a step."""

import re

QUANTITIES = {
    "test time": "testtime totaltime runtime elapsedtime timeelapsed testtimesecond test cumulativetime 总时间 测试时间 累计时间",
    "time": "time zeit t timetest 时间 测量时间",
    "step": "step stepindex stepid stepnumber stepno ns steps line schritt 工步 工步号 工步序号 步次 步骤 步骤号",
    "step time": "steptime relativetime tstep stepduration step 步骤时间 工步时间 相对时间",
    "clock": "date datetime realtime absolutetime dpttime systime timestamp dateandtime systemtime datetimeisostring"
    " 绝对时间 系统时间 日期 日期时间 真实时间",
    "unix time": "unixtime unixtimesecond",
    "voltage": "voltage vol volt volts cellvoltage potential cellpotential voltagevolt ecell ewe ecellv u v e spannung uv vf"
    " 电压 电位",
    "current": "current cur i amps amp ampere amperes cellcurrent currentampere strom im icell currentdensity"
    " specificcurrent currentdens 电流 电流密度",
    "charge": "chargecapacity chargingcapacity chgcap chargecap chgcapacity capacitychg capacitychrg capacitancechg qcharge"
    " ahcharge ahcha chargingcapacityah chacapacity 充电容量",
    "discharge": "dischargecapacity dischargingcapacity dchgcap dischargecap dchgcapacity capacitydchg capacitancedchg"
    " qdischarge ahdischarge ahdch dischgcap dischargingcapacityah discapacity 放电容量",
    "capacity": "capacity cap capacities capacityahr amphr ahr capacityah ah capa q ahstep stepcapacity 容量",
    "specific capacity": "specificcapacity speccap spcap specap scapacity capacitydensity specificcap gravimetriccapacity 比容量",
    "net capacity": "netcapacity netcapacityah qqo ahbal",
    "cycle": "cycle cyclenumber cycleindex cycleid cyc cycleno cyclecount cyccount cyclep cyclec zyklus 循环 循环号 循环序号 循环次数",
    "step count": "stepcount stepexecuted",
    "step type": "steptype state status mode stepname md command workmode stepstate workstate 工步类型 工步名称 状态 工作状态 步骤类型 模式",
    "record": "datapoint datapoints recordid recordindex record rec recordno recordnumber dataset pt 数据序号 记录号 记录序号 序号",
    "temperature": "ambienttemperature temperature temp t1 ambienttemperaturecelsius 温度",
    "frequency": "frequency freq f frequencyhertz",
    "real": "rez zreal zre realz z' realimpedance zr zprime realimpedanceohm rez1",
    "imaginary": 'imz zimag zim imagz z" imaginaryimpedance zi imaginaryimpedanceohm zimaginary',
    "minus imaginary": '-imz -zimag -zim -z" -imagz -zi -imaginaryimpedance minusimz negativeimz',
    "modulus": "|z| zmod zmodulus modz zabs impedancemodulus",
    "phase": "phasez zphz zphase phase phaseangle phasedeg",
    "dqdv": "dqdv differentialcapacity dqdvabs",
    "capacity retention": "capacityretention retention",
}
QUANTITIES = {quantity: tuple(words.split()) for quantity, words in QUANTITIES.items()}
IMPLIED_UNITS = {
    "amps": "A",
    "amp": "A",
    "ampere": "A",
    "amperes": "A",
    "volts": "V",
    "volt": "V",
    "amphr": "Ah",
    "ahr": "Ah",
    "currentampere": "A",
}

_SECONDS = {"s": 1.0, "sec": 1.0, "secs": 1.0, "second": 1.0, "seconds": 1.0, "ms": 1e-3, "min": 60.0, "mins": 60.0}
_SECONDS |= {"minute": 60.0, "minutes": 60.0, "h": 3600.0, "hr": 3600.0, "hrs": 3600.0, "hour": 3600.0, "hours": 3600.0}
_SECONDS |= {
    "d": 86400.0,
    "day": 86400.0,
    "days": 86400.0,
    "秒": 1.0,
    "分": 60.0,
    "分钟": 60.0,
    "小时": 3600.0,
    "天": 86400.0,
}
_AMPERES = {"A": 1.0, "mA": 1e-3, "uA": 1e-6, "nA": 1e-9, "kA": 1e3}
_HOURS = {"Ah": 1.0, "A.h": 1.0, "AHr": 1.0, "A-h": 1.0, "As": 1 / 3600, "C": 1 / 3600}
_AMPERE_HOURS = {
    p + unit: f * value for p, f in (("", 1.0), ("m", 1e-3), ("u", 1e-6)) for unit, value in _HOURS.items()
}
_VOLTS = {"V": 1.0, "mV": 1e-3, "uV": 1e-6}
_OHMS = {"ohm": 1.0, "ohms": 1.0, "mohm": 1e-3, "kohm": 1e3, "\u03a9": 1.0, "m\u03a9": 1e-3, "k\u03a9": 1e3}
UNITS = {"test time": _SECONDS, "time": _SECONDS, "step time": _SECONDS, "voltage": _VOLTS, "current": _AMPERES}
UNITS |= dict.fromkeys(("charge", "discharge", "capacity", "specific capacity", "net capacity"), _AMPERE_HOURS)
UNITS |= dict.fromkeys(("real", "imaginary", "minus imaginary", "modulus"), _OHMS)
UNITS |= {
    "frequency": {"Hz": 1.0, "kHz": 1e3, "mHz": 1e-3, "MHz": 1e6},
    "phase": {"deg": 1.0, "\u00b0": 1.0, "rad": 57.29577951308232},
}
UNITS |= {"unix time": {"s": 1.0}, "dqdv": _AMPERE_HOURS}

_DISCHARGE = re.compile(r"dch|disch|放电|entlad|^d(_|$)|^dis(_|$)", re.IGNORECASE)
_CHARGE = re.compile(r"chg|charg|充电|^laden|aufladen|^c(_|$)|^cha(_|$)|_chr", re.IGNORECASE)
_REST = re.compile(r"rest|pause|ocv|ocp|open circuit|静置|搁置|idle|^[rpos]$|^r_|suspend|standby", re.IGNORECASE)


def step_direction(name):
    """+1, -1, 0 (rest) for what a cycler calls a step, or None where the word does not tell.

    >>> [step_direction(word) for word in ("CC_Chg", "CC DChg", "D", "R", "恒流充电", "CV")]
    [1, -1, -1, 0, 1, None]
    """
    text = str(name).strip()
    if _DISCHARGE.search(text):
        return -1
    if _CHARGE.search(text):
        return 1
    return 0 if _REST.search(text) else None
