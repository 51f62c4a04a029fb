-- What triggers do is the shop's own work: who serves it need not be allowed to write the history of
-- prices, and could otherwise.
ALTER FUNCTION touch() SECURITY DEFINER SET search_path = public, pg_temp;
ALTER FUNCTION note_price() SECURITY DEFINER SET search_path = public, pg_temp;
ALTER FUNCTION guard_refund() SECURITY DEFINER SET search_path = public, pg_temp;
ALTER FUNCTION tell_of_product() SECURITY DEFINER SET search_path = public, pg_temp;
ALTER FUNCTION tell_of_variant() SECURITY DEFINER SET search_path = public, pg_temp;
ALTER FUNCTION tell_of_stock() SECURITY DEFINER SET search_path = public, pg_temp;
ALTER FUNCTION tell_of_review() SECURITY DEFINER SET search_path = public, pg_temp;
