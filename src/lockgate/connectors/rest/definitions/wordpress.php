<?php
/**
 * Plugin Name: Lockgate
 * Description: Lets Lockgate keep its keys and rights data at media, pages and posts, find them again, and exchange a file.
 * Version: 1
 *
 * Goes to wp-content/mu-plugins/lockgate.php. WordPress drops custom fields that nobody registered, cannot be asked by them,
 * and cannot exchange the file of a media item: that, and nothing else, is what this adds.
 */

defined( 'ABSPATH' ) || exit;

const LOCKGATE_TYPES = array( 'attachment', 'page', 'post' );
const LOCKGATE_TEXTS = array( 'key', 'sku', 'gtin', 'family', 'credit', 'copyright', 'usage_rights', 'license_until', 'format' );
const LOCKGATE_LISTS = array( 'keywords', 'campaign', 'language' );
const LOCKGATE_ASKED = array( 'key', 'sku', 'gtin', 'family', 'images' );

/** Fields of ours, shown to editors only. */
add_action(
	'init',
	function () {
		foreach ( LOCKGATE_TYPES as $type ) {
			foreach ( LOCKGATE_TEXTS as $name ) {
				register_post_meta(
					$type,
					"lockgate_$name",
					array(
						'type'         => 'string',
						'single'       => true,
						'show_in_rest' => array( 'schema' => array( 'context' => array( 'edit' ) ) ),
					)
				);
			}
			foreach ( LOCKGATE_LISTS as $name ) {
				register_post_meta(
					$type,
					"lockgate_$name",
					array(
						'type'         => 'array',
						'single'       => true,
						'show_in_rest' => array(
							'schema' => array(
								'context' => array( 'edit' ),
								'items'   => array( 'type' => 'string' ),
							),
						),
					)
				);
			}
			register_post_meta(
				$type,
				'lockgate_images',
				array(
					'type'         => 'integer',
					'single'       => false,
					'show_in_rest' => array( 'schema' => array( 'context' => array( 'edit' ) ) ),
				)
			);
		}
	}
);

/**
 * Lists by our fields and by time: lockgate_key, _sku, _gtin, _family and _images take a list as JSON; lockgate_since an instant.
 * WordPress itself compares local times, which repeat an hour each autumn.
 */
foreach ( LOCKGATE_TYPES as $type ) {
	add_filter(
		"rest_{$type}_query",
		function ( $args, $request ) {
			foreach ( LOCKGATE_ASKED as $name ) {
				if ( null !== $request[ "lockgate_$name" ] ) {
					$values               = json_decode( $request[ "lockgate_$name" ], true );
					$args['meta_query'][] = array(
						'key'     => "lockgate_$name",
						'value'   => is_array( $values ) && $values ? array_map( 'strval', $values ) : array( '' ),
						'compare' => 'IN',
					);
				}
			}
			if ( null !== $request['lockgate_since'] ) {
				$args['date_query'][] = array(
					'column'    => 'post_modified_gmt',
					'after'     => gmdate( 'Y-m-d H:i:s', (int) strtotime( $request['lockgate_since'] ) ),
					'inclusive' => true,
				);
			}
			return $args;
		},
		10,
		2
	);
}

/** A form cannot carry lists: an upload brings its custom fields as JSON. */
add_filter(
	'rest_pre_dispatch',
	function ( $result, $server, $request ) {
		if ( 'POST' === $request->get_method() && '/wp/v2/media' === $request->get_route() && is_string( $request['meta'] ) ) {
			$request->set_param( 'meta', json_decode( $request['meta'], true ) );
		}
		return $result;
	},
	10,
	3
);

/** The file as it was uploaded: WordPress itself shows a smaller copy of large images. */
function lockgate_file( $id ) {
	$path = wp_get_original_image_path( $id ) ?: get_attached_file( $id );
	if ( ! $path || ! file_exists( $path ) ) {
		return null;
	}
	$length = filesize( $path );
	return array(
		'url'     => wp_get_original_image_url( $id ) ?: wp_get_attachment_url( $id ),
		'name'    => wp_basename( $path ),
		'type'    => get_post_mime_type( $id ),
		'length'  => $length,
		'version' => $id . '-' . filemtime( $path ) . '-' . $length,
	);
}

add_action(
	'rest_api_init',
	function () {
		register_rest_field(
			'attachment',
			'lockgate_file',
			array(
				'get_callback' => function ( $record ) {
					return lockgate_file( $record['id'] );
				},
				'schema'       => array(
					'type'     => array( 'object', 'null' ),
					'context'  => array( 'edit' ),
					'readonly' => true,
				),
			)
		);
		register_rest_route(
			'lockgate/v1',
			'/about',
			array(
				'methods'             => 'GET',
				'permission_callback' => function () {
					return current_user_can( 'upload_files' ) && current_user_can( 'edit_others_pages' );
				},
				'callback'            => function () {
					return array(
						'product' => 'WordPress',
						'version' => get_bloginfo( 'version' ),
						'account' => wp_get_current_user()->display_name,
						'plugin'  => 1,
					);
				},
			)
		);
		register_rest_route(
			'lockgate/v1',
			'/media/(?P<id>\d+)/file',
			array(
				'methods'             => 'POST',
				'permission_callback' => function ( $request ) {
					return current_user_can( 'upload_files' ) && current_user_can( 'edit_post', (int) $request['id'] );
				},
				'callback'            => 'lockgate_replace',
			)
		);
	}
);

/** Another file for a media item that keeps its id: multipart, part `file`. */
function lockgate_replace( WP_REST_Request $request ) {
	require_once ABSPATH . 'wp-admin/includes/file.php';
	require_once ABSPATH . 'wp-admin/includes/image.php';
	require_once ABSPATH . 'wp-admin/includes/media.php';
	$id    = (int) $request['id'];
	$files = $request->get_file_params();
	if ( 'attachment' !== get_post_type( $id ) || empty( $files['file'] ) ) {
		return new WP_Error( 'lockgate_no_file', 'There is no such media item, or no file came.', array( 'status' => 404 ) );
	}
	$stored = wp_handle_upload( $files['file'], array( 'test_form' => false ) );
	if ( isset( $stored['error'] ) ) {
		return new WP_Error( 'lockgate_file_refused', $stored['error'], array( 'status' => 422 ) );
	}
	$copies = get_post_meta( $id, '_wp_attachment_backup_sizes', true );
	wp_delete_attachment_files( $id, wp_get_attachment_metadata( $id ), is_array( $copies ) ? $copies : array(), get_attached_file( $id ) );
	update_attached_file( $id, $stored['file'] );
	wp_update_post(
		array(
			'ID'             => $id,
			'post_mime_type' => $stored['type'],
		)
	);
	wp_update_attachment_metadata( $id, wp_generate_attachment_metadata( $id, $stored['file'] ) );
	$read = new WP_REST_Request( 'GET', "/wp/v2/media/$id" );
	$read->set_param( 'context', 'edit' );
	return rest_do_request( $read );
}
