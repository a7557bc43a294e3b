package wa

import (
	"go.mau.fi/whatsmeow/proto/waE2E"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// tradeReaders read products, orders and payments.
var tradeReaders = []reader{
	productContent, orderContent,
	func(m *waE2E.Message) *content {
		if m.GetSendPaymentMessage() == nil {
			return nil
		}
		return paymentContent(payload{"action": "send"}, m.GetSendPaymentMessage().GetNoteMessage())
	},
	func(m *waE2E.Message) *content {
		request := m.GetRequestPaymentMessage()
		if request == nil {
			return nil
		}
		said := payload{"action": "request"}.text("currency", request.GetCurrencyCodeIso4217()).
			millis("expires_ms", secondsToMillis(request.GetExpiryTimestamp()))
		return paymentContent(over(said, "amount_thousandths", request.GetAmount1000()), request.GetNoteMessage())
	},
	func(m *waE2E.Message) *content {
		if m.GetDeclinePaymentRequestMessage() == nil {
			return nil
		}
		return paymentContent(payload{"action": "decline"}, nil)
	},
	func(m *waE2E.Message) *content {
		if m.GetCancelPaymentRequestMessage() == nil {
			return nil
		}
		return paymentContent(payload{"action": "cancel"}, nil)
	},
	func(m *waE2E.Message) *content {
		if m.GetPaymentInviteMessage() == nil {
			return nil
		}
		return paymentContent(payload{"action": "invite"}, nil)
	},
	func(m *waE2E.Message) *content {
		if m.GetInvoiceMessage() == nil {
			return nil
		}
		found := paymentContent(payload{"action": "invoice"}, nil)
		found.text = optional(m.GetInvoiceMessage().GetNote())
		return found
	},
}

func paymentContent(said payload, note *waE2E.Message) *content {
	text := note.GetConversation()
	if text == "" {
		text = note.GetExtendedTextMessage().GetText()
	}
	return &content{kind: contract.MessageRecordKindPayment, text: optional(text), payload: said, about: note.GetExtendedTextMessage().GetContextInfo()}
}

func productContent(m *waE2E.Message) *content {
	message := m.GetProductMessage()
	if message == nil {
		return nil
	}
	goods := message.GetProduct()
	text := message.GetBody()
	if message.Body == nil {
		text = goods.GetTitle()
	}
	said := payload{}.text("product_id", goods.GetProductID()).text("title", goods.GetTitle()).text("description", goods.GetDescription()).
		text("currency", goods.GetCurrencyCode()).text("url", goods.GetURL()).text("retailer_id", goods.GetRetailerID()).
		text("business", canonicalUser(message.GetBusinessOwnerJID()))
	return &content{
		kind: contract.MessageRecordKindProduct, text: optional(text), about: message.GetContextInfo(),
		payload: over(said, "price_thousandths", goods.GetPriceAmount1000()),
	}
}

func orderContent(m *waE2E.Message) *content {
	order := m.GetOrderMessage()
	if order == nil {
		return nil
	}
	text := order.GetMessage()
	if order.Message == nil {
		text = order.GetOrderTitle()
	}
	said := payload{}.text("order_id", order.GetOrderID()).text("token", order.GetToken()).text("title", order.GetOrderTitle()).
		text("seller", canonicalUser(order.GetSellerJID())).text("currency", order.GetTotalCurrencyCode())
	over(said, "items", order.GetItemCount())
	over(said, "total_thousandths", order.GetTotalAmount1000())
	return &content{kind: contract.MessageRecordKindOrder, text: optional(text), about: order.GetContextInfo(), payload: said}
}
