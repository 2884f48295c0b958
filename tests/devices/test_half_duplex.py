# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Half duplex with a simulated device, which counts what really left it."""

import collections
import dataclasses
import random
import types

import pytest
from gnuradio.securevoice.radio import flowgraph_run
from gnuradio.securevoice.radio.half_duplex import HalfDuplex, State

BUFFERS = 5 # blocks that the device holds back


@dataclasses.dataclass
class Transmission:
    """What left the antenna between two stops."""

    wanted: str # when the key was pressed
    kinds: list
    ended: bool = False
    cut_by_loss: bool = False


class Device:
    """Answers after a random time, holds back blocks in buffers that a stop empties, and can be unplugged."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.machine = None
        self.wanted = None # kind of the newest press that began a call, or of a change since
        self.there = True
        self.mode = "stopped"
        self.call = None # kind of the call that is being spoken
        self.buffer = collections.deque()
        self.transmissions = []
        self.answers = [] # (time, ticket, good)
        self.end_ticket = None
        self.now = 0
        self.refusals = 0

    def _answer(self, ticket):
        if self.there and self.random.random() > 0.002: # some answers never come
            self.answers.append((self.now + self.random.randrange(1, 5), ticket))

    def stop(self, ticket):
        assert not self.buffer or self.there is False, "stopped before the tail had left"
        self.buffer.clear()
        self.mode, self.call = "stopped", None
        self._answer(ticket)

    def receive(self, ticket):
        assert self.mode == "stopped"
        self.mode = "receiving" if self.there else "stopped"
        self._answer(ticket)

    def transmit(self, ticket):
        assert self.mode == "stopped"
        self.mode = "transmitting" if self.there else "stopped"
        self._answer(ticket)

    def begin(self, kind):
        assert self.mode == "transmitting" or not self.there
        self.call = kind
        self.transmissions.append(Transmission(self.wanted, []))

    def change(self, kind):
        assert self.call and self.mode == "transmitting"
        self.call = kind

    def finish(self, ticket):
        self.buffer.append("END")
        self.call = None
        self.end_ticket = ticket

    def reopen(self, ticket):
        self.buffer.clear()
        self.mode, self.call, self.end_ticket = "stopped", None, None
        if self.there:
            self._answer(ticket)
        else:
            self.answers.append((self.now + 1, -ticket))

    def unplug(self):
        self.there = False
        if self.transmissions and self.mode == "transmitting" and not self.transmissions[-1].ended:
            self.transmissions[-1].cut_by_loss = True
        self.mode, self.call, self.end_ticket = "stopped", None, None
        self.buffer.clear()
        self.answers.clear()

    def step(self):
        """80 ms: one block is spoken, one leaves."""
        self.now += 1
        if self.call:
            assert self.call == (self.wanted or self.call), "sent in a kind that is not asked for any more"
            self.buffer.append(self.call)
        if self.buffer and (len(self.buffer) > BUFFERS or self.end_ticket):
            left = self.buffer.popleft()
            assert self.mode == "transmitting"
            if left == "END":
                self.transmissions[-1].ended = True
            else:
                self.transmissions[-1].kinds.append(left)
        if self.end_ticket and not self.buffer:
            self._answer(self.end_ticket)
            self.end_ticket = None
        due = [answer for answer in self.answers if answer[0] <= self.now]
        self.answers = [answer for answer in self.answers if answer[0] > self.now]
        for _, ticket in due:
            if ticket > 0:
                self.machine.done(ticket)
            else:
                self.machine.lost("not there", -ticket)
        self.machine.tick(self.now * 0.08)


def station(seed=1):
    device = Device(seed)
    states = []
    device.machine = HalfDuplex(device, 0.0, lambda state, reason: states.append((state, reason)))
    return device, device.machine, states


def steps(device, count):
    for _ in range(count):
        device.step()


def settle(device, wanted):
    """No dead state: the state wanted is reached, whatever was before."""
    for _ in range(400): # 32 s
        if device.machine.state is wanted:
            return
        device.step()
    raise AssertionError(f"stays {device.machine.state}")


@pytest.mark.parametrize("seed, changes", [*((seed, 0.0) for seed in range(4)), (4, 0.3), (5, 0.3)])
def test_a_thousand_presses_and_losses(seed, changes):
    """250 for each seed; of each kind, at any time, with the device unplugged now and then. changes: how often another kind is asked for
    meanwhile."""
    device, machine, _ = station(seed)
    chance = random.Random(1000 + seed)
    presses = losses = 0
    while presses + losses < 250:
        what = chance.random()
        if what < 0.45:
            kind = chance.choice(("secure", "clear"))
            if machine._kind is None and machine.state is not State.LOST:
                device.wanted = kind
            machine.press(kind)
            presses += 1
        elif what < 0.9:
            machine.release()
        else:
            device.unplug()
            losses += 1
            if chance.random() < 0.7: # else nobody tells: the answers stay away
                machine.lost()
            steps(device, chance.randrange(0, 40))
            device.there = True
            if machine.state is State.TRANSMITTING: # a flowgraph that has ended is noticed
                machine.lost()
        if changes and chance.random() < changes:
            kind = chance.choice(("secure", "clear"))
            if machine._kind is not None and machine.state is not State.LOST:
                device.wanted = kind
            machine.change(kind)
        steps(device, chance.choice((0, 0, 1, 2, 5, 30)))
        if chance.random() < 0.05:
            machine.release()
            settle(device, State.RECEIVING)
    machine.release()
    settle(device, State.RECEIVING)
    assert len(device.transmissions) > 20
    for sent in device.transmissions:
        assert changes or set(sent.kinds) <= {sent.wanted}
        assert sent.ended or sent.cut_by_loss
    assert sum(sent.ended for sent in device.transmissions) > 10
    device.wanted = "secure"
    machine.press("secure")
    settle(device, State.TRANSMITTING)


def test_states_of_one_call_in_their_order():
    device, machine, states = station()
    settle(device, State.RECEIVING)
    device.wanted = "secure"
    machine.press("secure")
    settle(device, State.TRANSMITTING)
    steps(device, 20)
    machine.release()
    settle(device, State.RECEIVING)
    assert [state for state, _ in states] == [State.RECEIVING, State.TO_TRANSMIT, State.TRANSMITTING, State.DRAINING, State.TO_RECEIVE,
                                              State.RECEIVING]
    sent, = device.transmissions
    assert sent.ended and sent.kinds == ["secure"] * 20 # what was in the buffers has left too


def test_a_press_during_the_tail_is_a_call_of_its_own():
    device, machine, _ = station()
    settle(device, State.RECEIVING)
    for kind in ("secure", "clear"):
        device.wanted = kind
        machine.press(kind)
        settle(device, State.TRANSMITTING)
        steps(device, 10)
        machine.release()
    settle(device, State.RECEIVING)
    assert [(sent.ended, set(sent.kinds)) for sent in device.transmissions] == [(True, {"secure"}), (True, {"clear"})]


def test_a_call_goes_on_in_another_kind():
    device, machine, _ = station()
    machine.change("clear") # nothing to change
    settle(device, State.RECEIVING)
    machine.press("secure")
    settle(device, State.TRANSMITTING)
    steps(device, 10)
    machine.change("clear")
    steps(device, 10)
    machine.release()
    machine.change("clear") # the call is over
    settle(device, State.RECEIVING)
    sent, = device.transmissions
    assert sent.ended and sent.kinds == ["secure"] * 10 + ["clear"] * 10


def test_clear_that_is_taken_back_while_the_device_is_switched_is_not_sent():
    device, machine, _ = station()
    settle(device, State.RECEIVING)
    machine.press("clear")
    assert machine.state is State.TO_TRANSMIT
    machine.change("secure")
    settle(device, State.TRANSMITTING)
    steps(device, 10)
    machine.release()
    settle(device, State.RECEIVING)
    assert device.transmissions[0].kinds == ["secure"] * 10


def test_after_a_loss_nothing_is_sent_until_the_key_is_pressed_anew():
    device, machine, states = station()
    settle(device, State.RECEIVING)
    device.wanted = "secure"
    machine.press("secure")
    settle(device, State.TRANSMITTING)
    device.unplug()
    machine.lost("unplugged")
    assert states[-1] == (State.LOST, "unplugged")
    machine.press("secure") # ignored
    steps(device, 50)
    assert machine.state is State.LOST
    device.there = True
    settle(device, State.RECEIVING)
    steps(device, 50)
    assert machine.state is State.RECEIVING and len(device.transmissions) == 1


def test_a_driver_that_does_not_answer_is_a_loss():
    device, machine, states = station()
    settle(device, State.RECEIVING)
    device.there = False
    machine.press("secure")
    steps(device, 80)
    assert (State.LOST, "the device does not answer") in states


def test_a_call_whose_last_words_come_late_is_not_cut_as_a_loss():
    device, machine, states = station()
    settle(device, State.RECEIVING)
    machine.press("secure")
    settle(device, State.TRANSMITTING)
    asked = []
    device.finish = asked.append # the end is still on its way
    machine.release()
    machine.tick(device.now * 0.08 + machine.FINISH_SECONDS - 1)
    assert machine.state is State.DRAINING
    machine.done(asked[0])
    assert machine.state is State.TO_RECEIVE

    device, machine, states = station()
    settle(device, State.RECEIVING)
    machine.press("secure")
    settle(device, State.TRANSMITTING)
    device.finish = asked.append
    machine.release()
    machine.tick(device.now * 0.08 + machine.FINISH_SECONDS + 1) # the control
    assert states[-1] == (State.LOST, "the device does not answer")


def test_a_device_is_silent_only_while_something_is_due(monkeypatch):
    now, given = [0.0], [0]
    monkeypatch.setattr(flowgraph_run, "time", types.SimpleNamespace(monotonic=lambda: now[0]))
    top = types.SimpleNamespace(start=lambda: None, wait=lambda: None)
    run = flowgraph_run.FlowgraphRun(top, types.SimpleNamespace(samples=lambda: given[0]))
    for _ in range(100): # 5 s, as between a press and its first sample
        now[0] += 0.05
        assert not run.silent(due=False)
    now[0] += flowgraph_run.SILENT_SECONDS - 0.1
    assert not run.silent(due=True)
    given[0] = 1
    assert not run.silent()
    now[0] += flowgraph_run.SILENT_SECONDS + 0.1
    assert run.silent() # the control


def test_a_refused_kind_goes_back_to_receiving():
    device, machine, states = station()
    settle(device, State.RECEIVING)
    def refuse(kind):
        raise ValueError("clear is not allowed")
    device.begin = refuse
    machine.press("clear")
    settle(device, State.RECEIVING)
    assert (State.TO_RECEIVE, "clear is not allowed") in states and not device.transmissions
    with pytest.raises(ValueError, match="secure, clear or fm"):
        machine.press("loud")


def test_a_call_that_ended_by_itself_waits_for_a_release():
    device, machine, _ = station()
    settle(device, State.RECEIVING)
    device.wanted = "secure"
    machine.press("secure")
    settle(device, State.TRANSMITTING)
    steps(device, 5)
    machine.ended() # push-to-talk timed out
    settle(device, State.RECEIVING)
    for _ in range(5): # a stuck button
        machine.press("secure")
        steps(device, 20)
    assert machine.state is State.RECEIVING and len(device.transmissions) == 1 and device.transmissions[0].ended
    machine.release()
    machine.press("secure")
    settle(device, State.TRANSMITTING)
    machine.release()
    machine.ended() # of a call that was released already
    settle(device, State.RECEIVING)
    machine.press("secure")
    settle(device, State.TRANSMITTING)
