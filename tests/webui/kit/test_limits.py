"""How often one address may write."""

from webui.kit.limits import Bucket


def test_a_burst_is_granted_and_then_a_pace():
    bucket = Bucket(burst=3, per_minute=60)
    assert [bucket.take("a", 0.0) for _ in range(4)] == [True, True, True, False]
    assert [bucket.take("a", 1.0), bucket.take("a", 1.0)] == [True, False]


def test_asking_in_vain_does_not_prolong_the_wait():
    bucket = Bucket(burst=1, per_minute=60)
    bucket.take("a", 0.0)
    assert not any(bucket.take("a", at / 10) for at in range(1, 10))
    assert bucket.take("a", 1.1)


def test_one_address_does_not_slow_another():
    bucket = Bucket(burst=1, per_minute=1)
    assert bucket.take("a", 0.0)
    assert bucket.take("b", 0.0)


def test_a_long_rest_grants_no_more_than_a_burst():
    bucket = Bucket(burst=2, per_minute=600)
    assert [bucket.take("a", 9999.0) for _ in range(3)] == [True, True, False]


def test_a_script_that_writes_on_and_on_is_slowed_down(visitor):
    token = visitor.token()
    answers = [
        visitor.client.post("/account/language", data={"csrf_token": token, "language": "zh"})
        for _ in range(130)
    ]
    assert answers[0].status_code == 303
    assert answers[-1].status_code == 429
    assert answers[-1].headers["Retry-After"]
    assert visitor.get("/").status_code == 200
