import pytest

torch = pytest.importorskip("torch")

from cxnlp.training.network import masked_loss, sentiment_loss  # noqa: E402


def test_what_was_not_asked_costs_nothing_and_teaches_nothing():
    logits = torch.tensor([[2.0, -1.0], [0.5, 3.0]], requires_grad=True)
    loss = masked_loss(logits, torch.tensor([[1.0, -1.0], [-1.0, -1.0]]))
    loss.backward()
    assert loss.item() == pytest.approx(torch.nn.functional.softplus(torch.tensor(-2.0)).item() / 2)
    assert logits.grad[0, 0] != 0
    assert logits.grad.flatten().tolist()[1:] == [0, 0, 0]


def test_texts_without_a_sentiment_teach_none():
    logits = torch.zeros(2, 4, requires_grad=True)
    loss = sentiment_loss(logits, torch.tensor([[0.0, 1, 0, 0], [-1, -1, -1, -1]]))
    loss.backward()
    assert loss.item() == pytest.approx(torch.log(torch.tensor(4.0)).item() / 2)
    assert logits.grad[1].abs().sum() == 0
