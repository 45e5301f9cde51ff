"""Random pieces come once, in one process and in its children."""

import os

from services.casefile.log.randomness import PAGE, RandomBytes


def test_no_piece_comes_twice():
    pool = RandomBytes(12)

    taken = [pool.take() for _ in range(PAGE * 3)]

    assert len(set(taken)) == len(taken)
    assert {len(piece) for piece in taken} == {12}


def test_a_forked_child_gets_none_of_its_parent_s_pieces():
    pool = RandomBytes(12)
    pool.take()
    reader, writer = os.pipe()

    child = os.fork()
    if child == 0:
        os.write(writer, b"".join(pool.take() for _ in range(50)))
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writer)
    theirs = os.read(reader, 12 * 50)
    os.close(reader)

    mine = {pool.take() for _ in range(PAGE)}
    assert len(theirs) == 600
    assert mine.isdisjoint(theirs[i : i + 12] for i in range(0, 600, 12))
