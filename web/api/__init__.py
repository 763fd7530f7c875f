"""The JSON API under `/api/v1/`: typed endpoints, their OpenAPI document, and problems as RFC 9457 has them."""
