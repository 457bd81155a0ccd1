"""What a campaign is: content, messages, cards, pages. No request is handled here."""
